namespace CrmPlatform.Segmentation.Rules;

/// <summary>Which facts a thing is about.</summary>
sealed class ThingFilter(Thing thing, Business business)
{
    readonly ulong category = FactCode.Of(thing.Category);
    readonly ulong topic = FactCode.Of(thing.Topic);
    readonly ulong kind = FactCode.Of(thing.Kind);
    readonly ulong direction = FactCode.Of(thing.Direction);
    readonly OrdersNode? orders =
        thing.What == "purchase" ? new(new(), new("count", Category: thing.Category, AtLeast: 1), business) : null;

    public FactKind Kind { get; } =
        thing.What switch
        {
            "page-view" => FactKind.PageView,
            "interaction" => FactKind.Interaction,
            "ticket" => FactKind.Ticket,
            "breach" => FactKind.Breach,
            "survey" => FactKind.Survey,
            "points-redeemed" => FactKind.PointsSpent,
            "coupon-used" => FactKind.CouponUsed,
            "activity-attended" => FactKind.Attendance,
            _ => default,
        };

    public ulong Kinds => orders is null ? 1UL << (int)Kind : 1;

    public void Collect(CustomerFacts facts, Window window, List<Span> spans)
    {
        if (orders is not null)
        {
            var first = spans.Count;
            orders.CollectAll(facts, spans);
            spans.RemoveAll(s => s.Count == 0);
            for (var i = first; i < spans.Count; i++)
                spans[i] = window.Admits(spans[i].From)
                    ? spans[i] with
                    {
                        Until = Math.Min(spans[i].Until, window.Expiry(spans[i].From)),
                    }
                    : spans[i] with
                    {
                        Until = spans[i].From,
                    };
            return;
        }
        for (var i = 0; i < facts.Facts.Count; i++)
            if (facts.Facts[i] is var fact && fact.Kind == Kind && Asks(fact) && window.Admits(fact.From))
                spans.Add(new(fact.From, Math.Min(fact.Until, window.Expiry(fact.From)), 1, 0, new(false, i)));
    }

    public bool Wakes(RuleFact fact) => fact.Kind == Kind && Asks(fact);

    bool Asks(RuleFact fact) =>
        (topic == FactCode.None || fact.A == topic)
        && (kind == FactCode.None || fact.A == kind)
        && (category == FactCode.None || fact.B == category)
        && (direction == FactCode.None || fact.C == direction)
        && !(fact.Amount < thing.MinScore)
        && !(fact.Amount > thing.MaxScore);
}

/// <summary>How often something was done.</summary>
sealed class DoneNode(Condition about, ThingsDone asked, Business business)
    : SpanNode(about, "did", asked.AtLeast, asked.AtMost, missingIsNo: false)
{
    readonly ThingFilter thing = new(asked.Of, business);
    readonly Window window = new(asked.Within, business);

    public override ulong Kinds => thing.Kinds;

    public override bool Wakes(RuleFact fact) => thing.Wakes(fact);

    protected override void Collect(CustomerFacts facts, List<Span> spans) => thing.Collect(facts, window, spans);

    protected override decimal? Measure(long count, long amount, int known) => count;
}

/// <summary>How many tickets are open.</summary>
sealed class TicketsNode(Condition about, TicketsOpen asked)
    : SpanNode(about, "open-tickets", asked.AtLeast, asked.AtMost, missingIsNo: false)
{
    readonly ulong kind = FactCode.Of(asked.Kind);

    public override ulong Kinds => 1UL << (int)FactKind.OpenTicket;

    protected override void Collect(CustomerFacts facts, List<Span> spans)
    {
        for (var i = 0; i < facts.Facts.Count; i++)
            if (facts.Facts[i] is { Kind: FactKind.OpenTicket } fact && (kind == FactCode.None || fact.A == kind))
                spans.Add(new(fact.From, fact.Until, 1, 0, new(false, i)));
    }

    protected override decimal? Measure(long count, long amount, int known) => count;
}

/// <summary>One of several words holds.</summary>
sealed class WordNode(Condition about, string op, FactKind kind, ulong key, IEnumerable<string> words, bool missingIsNo)
    : SpanNode(about, op, 1, null, missingIsNo)
{
    readonly ulong[] codes = [.. words.Select(FactCode.Of)];

    public override ulong Kinds => 1UL << (int)kind;

    protected override void Collect(CustomerFacts facts, List<Span> spans)
    {
        for (var i = 0; i < facts.Facts.Count; i++)
            if (facts.Facts[i] is var fact && fact.Kind == kind && fact.Key == key)
                spans.Add(new(fact.From, fact.Until, Array.IndexOf(codes, fact.A) >= 0 ? 1 : 0, 0, new(false, i)));
    }

    protected override decimal? Measure(long count, long amount, int known) =>
        known == 0 ? null
        : count > 0 ? 1
        : 0;
}

/// <summary>A number is in a range.</summary>
sealed class NumberNode(Condition about, string op, FactKind kind, ulong key, int? atLeast, int? atMost, bool missingIsNo)
    : SpanNode(about, op, atLeast, atMost, missingIsNo)
{
    public override ulong Kinds => 1UL << (int)kind;

    protected override bool OnlyGrows => false;

    protected override void Collect(CustomerFacts facts, List<Span> spans)
    {
        for (var i = 0; i < facts.Facts.Count; i++)
            if (facts.Facts[i] is var fact && fact.Kind == kind && fact.Key == key)
                spans.Add(new(fact.From, fact.Until, 1, fact.Amount, new(false, i)));
    }

    // Members of a group may have been told of differently: then the mean.
    protected override decimal? Measure(long count, long amount, int known) => count == 0 ? null : (decimal)amount / count;
}
