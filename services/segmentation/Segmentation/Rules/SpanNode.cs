namespace CrmPlatform.Segmentation.Rules;

/// <summary>From when until when a fact adds something to a measure.</summary>
/// <param name="Count">1 for a fact that counts; 0 for one that only adds an amount, or only says that something is known.</param>
readonly record struct Span(long From, long Until, int Count, long Amount, FactRef Ref);

/// <summary>
/// A condition on a measure of facts, each of which counts from its instant until it leaves the window or ends. So the verdict of any
/// instant, and when it changes, follow from the ends of these spans.
/// </summary>
abstract class SpanNode(Condition about, string op, decimal? atLeast, decimal? atMost, bool missingIsNo) : Node
{
    /// <summary>More facts than this are cited by no explanation, unless fewer do not suffice.</summary>
    const int MostEvidence = 50;

    [ThreadStatic]
    static List<Span>? spare;

    [ThreadStatic]
    static List<long>? spareEnds;

    protected abstract void Collect(CustomerFacts facts, List<Span> spans);

    /// <summary>The measure of the spans of an instant; null where it is not known. Count and amount are their sums.</summary>
    protected abstract decimal? Measure(long count, long amount, int known);

    /// <summary>For measures that are no sums: from the spans that hold an instant, in any order.</summary>
    protected virtual decimal? MeasureAll(List<Span> spans, long at)
    {
        var (count, amount, known) = (0L, 0L, 0);
        foreach (var span in spans)
            if (span.From <= at && at < span.Until)
            {
                count += span.Count;
                amount += span.Amount;
                known++;
            }
        return Measure(count, amount, known);
    }

    protected virtual bool IsSum => true;

    /// <summary>Whether more facts never lower the measure: then a few of them may suffice as evidence.</summary>
    protected virtual bool OnlyGrows => true;

    public override Verdict At(CustomerFacts facts, long at) => Judge(MeasureAll(SpansOf(facts), at));

    public override long NextChange(CustomerFacts facts, long at)
    {
        var spans = SpansOf(facts);
        var ends = spareEnds ??= [];
        ends.Clear();
        foreach (var span in spans)
        {
            if (span.From >= span.Until)
                continue;
            if (span.From > at)
                ends.Add(span.From);
            if (span.Until > at && span.Until != Instant.Never)
                ends.Add(span.Until);
        }
        if (ends.Count == 0)
            return Instant.Never;
        ends.Sort();
        var now = Judge(MeasureAll(spans, at));
        if (IsSum && ends.Count > 8)
            return Sweep(spans, ends, at, now);
        var before = at;
        foreach (var end in ends)
            if (end != before)
            {
                if (Judge(MeasureAll(spans, end)) != now)
                    return end;
                before = end;
            }
        return Instant.Never;
    }

    /// <summary>The same for many spans: each is added and taken away once.</summary>
    long Sweep(List<Span> spans, List<long> ends, long at, Verdict now)
    {
        var steps = new List<(long At, int Known, int Count, long Amount)>(ends.Count);
        var (count, amount, known) = (0L, 0L, 0);
        foreach (var span in spans)
        {
            if (span.From >= span.Until || span.Until <= at)
                continue;
            if (span.From <= at)
                (count, amount, known) = (count + span.Count, amount + span.Amount, known + 1);
            else
                steps.Add((span.From, 1, span.Count, span.Amount));
            if (span.Until != Instant.Never)
                steps.Add((span.Until, -1, -span.Count, -span.Amount));
        }
        steps.Sort((a, b) => a.At.CompareTo(b.At));
        for (var i = 0; i < steps.Count; i++)
        {
            (count, amount, known) = (count + steps[i].Count, amount + steps[i].Amount, known + steps[i].Known);
            if ((i + 1 == steps.Count || steps[i + 1].At != steps[i].At) && Judge(Measure(count, amount, known)) != now)
                return steps[i].At;
        }
        return Instant.Never;
    }

    public override Proof Prove(CustomerFacts facts, long at)
    {
        var spans = new List<Span>();
        Collect(facts, spans);
        var measured = MeasureAll(spans, at);
        var verdict = Judge(measured);
        var live = spans.Where(s => s.From <= at && at < s.Until).OrderByDescending(s => s.Until).ThenByDescending(s => s.From).ToList();
        return new(op, verdict)
        {
            About = about,
            Measured = measured,
            Threshold = atLeast ?? atMost,
            Evidence = Cite(live, verdict, at),
            FirstLeaves = live.Where(l => l.Count > 0).Select(l => l.Until).DefaultIfEmpty(Instant.Never).Min(),
            ValidUntil = NextChange(facts, at),
        };
    }

    /// <summary>As few of the facts as give the same verdict, those that count for longest first.</summary>
    List<FactRef> Cite(List<Span> live, Verdict verdict, long at)
    {
        var all = live.Select(s => s.Ref).Distinct().ToList();
        // Too few are shown by all that there are.
        if (all.Count <= 1 || !OnlyGrows || (verdict == Verdict.No && atLeast is not null && all.Count <= MostEvidence))
            return all;
        for (var n = 0; n < all.Count && n <= MostEvidence; n++)
        {
            var some = all[..n].ToHashSet();
            if (n == 0 && verdict == Verdict.No)
                continue;
            if (Judge(MeasureAll([.. live.Where(s => some.Contains(s.Ref))], at)) == verdict)
                return all[..n];
        }
        return all;
    }

    Verdict Judge(decimal? measured) =>
        measured is not { } value ? (missingIsNo ? Verdict.No : Verdict.Unknown)
        : value < atLeast || value > atMost ? Verdict.No
        : Verdict.Yes;

    List<Span> SpansOf(CustomerFacts facts)
    {
        var spans = spare ??= [];
        spans.Clear();
        Collect(facts, spans);
        return spans;
    }
}
