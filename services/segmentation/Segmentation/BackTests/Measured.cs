using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.BackTests;

/// <summary>Where the customers of an ABC class were in the period, by what they bought in it.</summary>
/// <param name="None">Who made no net order in the period.</param>
public sealed record Move(string From, int A, int B, int C, int None)
{
    public int Customers => A + B + C + None;
}

/// <summary>What the classes of a day were worth in the period after it. The order of the customers changes nothing.</summary>
/// <param name="Abc">Of the day; with it and the scores' scale every class is found again.</param>
/// <param name="AbcNext">Of the revenue of the same customers in the period.</param>
/// <param name="Verdict"><c>works</c>, <c>weak</c> or <c>no-better-than-chance</c>.</param>
/// <param name="New">Customers who bought in the period and had no class.</param>
/// <param name="NewRevenue">Their net revenue in the period, minor units.</param>
public sealed record Measured(
    RfmScale Rfm,
    AbcScale Abc,
    AbcScale AbcNext,
    IReadOnlyList<SchemeCount> Schemes,
    IReadOnlyList<Move> Moves,
    Ranking Ranking,
    string Verdict,
    int New,
    long NewRevenue
)
{
    public const string Works = "works",
        Weak = "weak",
        Chance = "no-better-than-chance";

    /// <param name="all">With at least one who had bought by the cut.</param>
    /// <param name="atEnd">Everybody with a net order by the end of the period.</param>
    /// <param name="seed">Of the permutations.</param>
    public static Measured Of(Period period, IReadOnlyList<Bought> all, Metrics[] atEnd, Guid seed)
    {
        List<Bought> customers = [.. all.Where(b => b.Now is not null)];
        var (rfm, abc) = period.AtCut.Scales([.. customers.Select(c => c.Now!.Value)]);
        var next = period.AtEnd.Abc([.. customers.Select(c => c.Next ?? default)]);
        var (endRfm, endAbc) = period.AtEnd.Scales(atEnd);
        var (now, end) = (new Classes(period.By, rfm, abc), new Classes(period.By, endRfm, endAbc));
        List<SchemeCount> schemes = [.. Classes.Schemes.Select(s => now.Count(s, customers, (end, atEnd)))];
        var ranking = Ranking.Of(customers, c => Points(rfm.Score(c.Now!.Value)), seed);
        var (abcCounts, total) = (schemes[0].Classes, customers.Sum(c => c.Next?.Revenue ?? 0));
        return new(
            Rfm: rfm,
            Abc: abc,
            AbcNext: next,
            Schemes: schemes,
            Moves: [.. abcCounts.Select(c => MovesOf(c.Name, customers.Where(b => now.Of(Classes.OfAbc, b.Now!.Value) == c.Name)))],
            Ranking: ranking,
            Verdict: VerdictOf(ranking.P, [.. abcCounts.Select(c => c.Lift(customers.Count, total)).OfType<double>()]),
            New: all.Count - customers.Count,
            NewRevenue: all.Sum(b => b.Now is null ? b.Next!.Value.Revenue : 0)
        );

        Move MovesOf(string from, IEnumerable<Bought> them)
        {
            var to = them.CountBy(b => b.Next is { } n ? next.Grade(period.By.Shared(n)) : "").ToDictionary();
            return new(from, to.GetValueOrDefault("A"), to.GetValueOrDefault("B"), to.GetValueOrDefault("C"), to.GetValueOrDefault(""));
        }
    }

    /// <param name="lifts">Of A, B and C, as far as they are large enough.</param>
    public static string VerdictOf(double p, IReadOnlyList<double> lifts) =>
        p >= .05 ? Chance
        : p < .01 && lifts.Count > 1 && lifts.Zip(lifts.Skip(1)).All(l => l.First > l.Second) ? Works
        : Weak;

    static long Points(RfmScores s) => s.Recency + s.Frequency + s.Monetary;
}
