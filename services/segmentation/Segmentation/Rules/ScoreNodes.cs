using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Rules;

/// <summary>Nodes that ask what is said of a customer.</summary>
static class ScoreNodes
{
    /// <summary>The words that there are; null where every shop has its own.</summary>
    public static IEnumerable<string>? Known(string of) =>
        of switch
        {
            "grid" => SegmentGrid.All.Select(g => g.Name),
            "type" => ChineseTypes.All,
            "abc" => ["A", "B", "C"],
            "stage" => Enum.GetNames<LifecycleStage>(),
            "riskBand" => ["ok", "watch", "risk", "critical"],
            "churn" => ["silence", "cancelled", "p-alive"],
            _ => null,
        };

    public static NumberNode Number(Condition c, ScoreIs asked) =>
        new(c, "score", KindOf(asked.Of), FactCode.None, asked.AtLeast, asked.AtMost, asked.Missing == "no");

    public static Node Word(Condition c, ScoreIs asked, IReadOnlyList<string> words) =>
        asked.Of switch
        {
            "riskBand" => new BandNode(c, words, asked.Missing == "no"),
            "churn" => new OpenEpisodeNode(c, words),
            _ => new WordNode(c, "score", KindOf(asked.Of), KeyOf(asked), words, asked.Missing == "no"),
        };

    static ulong KeyOf(ScoreIs asked) => asked.Of == "abc" ? FactCode.Of("abc") : FactCode.Of(asked.Scheme);

    static FactKind KindOf(string of) =>
        of switch
        {
            "recency" => FactKind.Recency,
            "frequency" => FactKind.Frequency,
            "monetary" => FactKind.Monetary,
            "grid" => FactKind.Grid,
            "type" => FactKind.ChineseType,
            "abc" or "grade" => FactKind.Grade,
            "stage" => FactKind.Stage,
            _ => FactKind.Tier,
        };
}

/// <summary>Grades that a rule asks about.</summary>
/// <param name="Field">Where in the rule.</param>
public sealed record AskedGrades(string Scheme, IReadOnlyList<string> Grades, string Field);

/// <summary>How likely it is that a customer still buys: ok from the first order on, until a band is said.</summary>
sealed class BandNode(Condition about, IReadOnlyList<string> words, bool missingIsNo) : SpanNode(about, "score", 1, null, missingIsNo)
{
    readonly ulong[] codes = [.. words.Select(FactCode.Of)];
    readonly int ok = words.Contains("ok") ? 1 : 0;

    public override ulong Kinds => 1 | (1UL << (int)FactKind.RiskBand);

    protected override void Collect(CustomerFacts facts, List<Span> spans)
    {
        var first = Instant.Never;
        for (var i = 0; i < facts.Facts.Count; i++)
            if (facts.Facts[i] is { Kind: FactKind.RiskBand } fact)
            {
                spans.Add(new(fact.From, fact.Until, Array.IndexOf(codes, fact.A) >= 0 ? 1 : 0, 0, new(false, i)));
                first = Math.Min(first, fact.From);
            }
        for (var i = 0; i < facts.Orders.Count; i++)
            if (facts.Orders[i] is var order && order.At < first)
                spans.Add(new(order.At, Math.Min(order.Until, first), ok, 0, new(true, i)));
    }

    protected override decimal? Measure(long count, long amount, int known) =>
        known == 0 ? null
        : count > 0 ? 1
        : 0;
}

/// <summary>An episode of churn is open that was declared on one of several bases.</summary>
sealed class OpenEpisodeNode(Condition about, IReadOnlyList<string> words) : SpanNode(about, "score", 1, null, missingIsNo: true)
{
    readonly ulong[] codes = [.. words.Select(FactCode.Of)];

    public override ulong Kinds => 1UL << (int)FactKind.Churn;

    protected override void Collect(CustomerFacts facts, List<Span> spans)
    {
        for (var i = 0; i < facts.Facts.Count; i++)
            if (facts.Facts[i] is { Kind: FactKind.Churn } fact && Array.IndexOf(codes, fact.A) >= 0)
                spans.Add(new(fact.From, fact.Until, 1, 0, new(false, i)));
    }

    protected override decimal? Measure(long count, long amount, int known) => count > 0 ? 1 : 0;
}
