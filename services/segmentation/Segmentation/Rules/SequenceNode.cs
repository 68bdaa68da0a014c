namespace CrmPlatform.Segmentation.Rules;

/// <summary>One thing, then another within some days, without a third in between.</summary>
sealed class SequenceNode(Condition about, OneAfterAnother asked, Business business) : Node
{
    readonly ThingFilter first = new(asked.First, business);
    readonly ThingFilter then = new(asked.Then, business);
    readonly ThingFilter? without = asked.Without is null ? null : new(asked.Without, business);
    readonly Window ever = new(null, business);
    readonly Window window = new(asked.Within, business);

    public override ulong Kinds => first.Kinds | then.Kinds | (without?.Kinds ?? 0);

    public override bool Wakes(RuleFact fact) => first.Wakes(fact) || then.Wakes(fact) || (without?.Wakes(fact) ?? false);

    public override Verdict At(CustomerFacts facts, long at) => Find(Spans(facts), at) is null ? Verdict.No : Verdict.Yes;

    public override long NextChange(CustomerFacts facts, long at)
    {
        var spans = Spans(facts);
        var now = Find(spans, at) is null;
        var ends = spans.First.Concat(spans.Then).Concat(spans.Without).SelectMany(s => new[] { s.From, s.Until });
        foreach (var end in ends.Where(e => e > at && e != Instant.Never).Distinct().Order())
            if (Find(spans, end) is null != now)
                return end;
        return Instant.Never;
    }

    public override Proof Prove(CustomerFacts facts, long at)
    {
        var spans = Spans(facts);
        var pair = Find(spans, at);
        return new("sequence", pair is null ? Verdict.No : Verdict.Yes)
        {
            About = about,
            Measured = pair is null ? 0 : 1,
            Threshold = 1,
            // That nothing was in between is shown by all that there is of it.
            Evidence = pair is { } found
                ? [found.First, found.Then]
                :
                [
                    .. spans
                        .First.Concat(spans.Then)
                        .Concat(spans.Without)
                        .Where(s => s.From <= at && at < s.Until)
                        .Select(s => s.Ref)
                        .Distinct(),
                ],
            ValidUntil = NextChange(facts, at),
        };
    }

    sealed record Three(List<Span> First, List<Span> Then, List<Span> Without);

    Three Spans(CustomerFacts facts)
    {
        var spans = new Three([], [], []);
        first.Collect(facts, ever, spans.First);
        then.Collect(facts, window, spans.Then);
        without?.Collect(facts, ever, spans.Without);
        return spans;
    }

    /// <summary>Of the pairs that hold, the one that holds for longest.</summary>
    (FactRef First, FactRef Then)? Find(Three spans, long at)
    {
        (FactRef, FactRef)? best = null;
        var until = long.MinValue;
        foreach (var b in Live(spans.Then, at))
        foreach (var a in Live(spans.First, at))
        {
            if (a.From >= b.From || b.From - a.From > asked.Days * Instant.Day || Math.Min(a.Until, b.Until) <= until)
                continue;
            if (Live(spans.Without, at).Any(c => c.From > a.From && c.From < b.From))
                continue;
            (best, until) = ((a.Ref, b.Ref), Math.Min(a.Until, b.Until));
        }
        return best;
    }

    static IEnumerable<Span> Live(List<Span> spans, long at) => spans.Where(s => s.From <= at && at < s.Until);
}
