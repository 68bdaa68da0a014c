namespace CrmPlatform.Segmentation.Rules;

/// <summary>A consent is given: what was withdrawn by one of several who are one is withdrawn.</summary>
sealed class ConsentNode(Condition about, ConsentGiven asked) : SpanNode(about, "consent", 1, null, missingIsNo: false)
{
    readonly ulong purpose = FactCode.Of(asked.Purpose);
    readonly ulong channel = FactCode.Of(asked.Channel);

    public override ulong Kinds => 1UL << (int)FactKind.Consent;

    protected override bool OnlyGrows => false;

    protected override bool IsSum => false;

    protected override void Collect(CustomerFacts facts, List<Span> spans)
    {
        for (var i = 0; i < facts.Facts.Count; i++)
            if (facts.Facts[i] is { Kind: FactKind.Consent } fact && fact.A == purpose && (channel == FactCode.None || fact.B == channel))
                spans.Add(new(fact.From, fact.Until, (int)fact.Amount, unchecked((long)fact.B), new(false, i)));
    }

    protected override decimal? MeasureAll(List<Span> spans, long at) =>
        spans.Where(s => s.From <= at && at < s.Until).GroupBy(s => s.Amount).Any(c => c.All(s => s.Count == 1)) ? 1 : 0;

    protected override decimal? Measure(long count, long amount, int known) => count;
}

/// <summary>How long ago something last was: a fact counts for so many times 24 hours.</summary>
sealed class SilenceNode : SpanNode
{
    readonly FactKind[] kinds;
    readonly bool orders;
    readonly long window;

    public SilenceNode(Condition about, SilenceFor asked)
        : base(about, "silence", asked.UnderDays is null ? null : 1, asked.UnderDays is null ? 0 : null, asked.Missing == "no")
    {
        orders = asked.Since == "purchase";
        kinds = asked.Since switch
        {
            "purchase" => [],
            "contact" => [FactKind.Interaction, FactKind.Ticket],
            "page-view" => [FactKind.PageView],
            _ => [FactKind.Registered],
        };
        window = (asked.UnderDays ?? asked.AtLeastDays ?? 0) * Instant.Day;
    }

    public override ulong Kinds => kinds.Aggregate(orders ? 1UL : 0, (all, kind) => all | (1UL << (int)kind));

    protected override void Collect(CustomerFacts facts, List<Span> spans)
    {
        if (orders)
            for (var i = 0; i < facts.Orders.Count; i++)
                Add(spans, facts.Orders[i].At, facts.Orders[i].Until, new(true, i));
        else
            for (var i = 0; i < facts.Facts.Count; i++)
                if (Array.IndexOf(kinds, facts.Facts[i].Kind) >= 0)
                    Add(spans, facts.Facts[i].From, facts.Facts[i].Until, new(false, i));
    }

    void Add(List<Span> spans, long at, long until, FactRef about)
    {
        spans.Add(new(at, until, 0, 0, about));
        spans.Add(new(at, Math.Min(until, at + window), 1, 0, about));
    }

    protected override decimal? Measure(long count, long amount, int known) =>
        known == 0 ? null
        : count > 0 ? 1
        : 0;
}
