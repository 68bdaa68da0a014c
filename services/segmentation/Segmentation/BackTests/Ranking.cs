using System.Buffers.Binary;

namespace CrmPlatform.Segmentation.BackTests;

/// <summary>
/// How well the order of the customers at the cut is that of their revenue in the period. All sums are of whole numbers, so the order in
/// which customers come changes nothing.
/// </summary>
/// <param name="Recency">Spearman's rank correlation of the day of the last order with next revenue; equals share their ranks. Null where
/// all are equal.</param>
/// <param name="Frequency">The same of the number of orders.</param>
/// <param name="Monetary">The same of revenue.</param>
/// <param name="Sum">The same of the sum of the three scores.</param>
/// <param name="TopDecile">Share of next revenue that the tenth with the most revenue at the cut made; of equals at its edge each counts in
/// part. Null where nobody bought, or there are not enough customers.</param>
/// <param name="TopQuintile">The same of the best fifth.</param>
/// <param name="P">How often a fifth drawn at random did as well: (1 + as good or better) / (1 + drawn).</param>
/// <param name="RandomLow">Of the fifths that were drawn 2.5 % made less than this share.</param>
/// <param name="RandomHigh">And 2.5 % more than this.</param>
public sealed record Ranking(
    double? Recency,
    double? Frequency,
    double? Monetary,
    double? Sum,
    double? TopDecile,
    double? TopQuintile,
    double P,
    double? RandomLow,
    double? RandomHigh
)
{
    public const int Permutations = 1000;

    /// <param name="seed">Of the permutations.</param>
    public static Ranking Of(IReadOnlyList<Bought> customers, Func<Bought, long> sum, Guid seed)
    {
        long[] column(Func<Bought, long> of) => [.. customers.Select(of)];
        var (revenue, next) = (column(c => c.Now!.Value.Revenue), column(c => c.Next?.Revenue ?? 0));
        var ranks = Ranks(next);
        var (tenth, fifth) = (Top.Of(revenue, 10), Top.Of(revenue, 5));
        var (p, low, high) = Permute(next, fifth, fifth.Weigh(revenue, next), seed);
        var total = next.Sum();
        double? share(double weight, Top top) => total <= 0 || top.Size == 0 ? null : weight / top.Tied / total;
        return new(
            Recency: Correlation(Ranks(column(c => c.Now!.Value.LastOrder.DayNumber)), ranks),
            Frequency: Correlation(Ranks(column(c => c.Now!.Value.Orders)), ranks),
            Monetary: Correlation(Ranks(revenue), ranks),
            Sum: Correlation(Ranks(column(sum)), ranks),
            TopDecile: share((double)tenth.Weigh(revenue, next), tenth),
            TopQuintile: share((double)fifth.Weigh(revenue, next), fifth),
            P: p,
            RandomLow: share((double)low, fifth),
            RandomHigh: share((double)high, fifth)
        );
    }

    /// <summary>As it is shown: with four decimals.</summary>
    public Ranking Rounded() =>
        new(
            Recency: Four(Recency),
            Frequency: Four(Frequency),
            Monetary: Four(Monetary),
            Sum: Four(Sum),
            TopDecile: Four(TopDecile),
            TopQuintile: Four(TopQuintile),
            P: Math.Round(P, 4),
            RandomLow: Four(RandomLow),
            RandomHigh: Four(RandomHigh)
        );

    static double? Four(double? value) => value is { } v ? Math.Round(v, 4) : null;

    /// <summary>Ranks, doubled and less their mean, so that they are whole numbers that add up to 0.</summary>
    static long[] Ranks(long[] values)
    {
        var n = values.Length;
        var (sorted, places, ranks) = ((long[])values.Clone(), Enumerable.Range(0, n).ToArray(), new long[n]);
        Array.Sort(sorted, places);
        for (int from = 0, to = 0; from < n; from = to)
        {
            while (to < n && sorted[to] == sorted[from])
                to++;
            for (var i = from; i < to; i++)
                ranks[places[i]] = from + to - n;
        }
        return ranks;
    }

    static double? Correlation(long[] x, long[] y)
    {
        var (xy, xx, yy) = (Int128.Zero, Int128.Zero, Int128.Zero);
        for (var i = 0; i < x.Length; i++)
        {
            xy += (Int128)x[i] * y[i];
            xx += (Int128)x[i] * x[i];
            yy += (Int128)y[i] * y[i];
        }
        return xx == 0 || yy == 0 ? null : (double)xy / Math.Sqrt((double)xx * (double)yy);
    }

    static (double P, Int128 Low, Int128 High) Permute(long[] next, Top top, Int128 observed, Guid seed)
    {
        long[] deck = [.. next];
        Array.Sort(deck);
        var (random, drawn) = (new SplitMix(seed), new Int128[Permutations]);
        for (var round = 0; round < Permutations; round++)
        {
            var (wholly, partly) = (0L, 0L);
            for (var i = 0; i < top.Above + top.Tied; i++)
            {
                var j = i + random.Below(deck.Length - i);
                (deck[i], deck[j]) = (deck[j], deck[i]);
                if (i < top.Above)
                    wholly += deck[i];
                else
                    partly += deck[i];
            }
            drawn[round] = top.Weigh(wholly, partly);
        }
        Array.Sort(drawn);
        var asGood = drawn.Count(d => d >= observed);
        return ((1.0 + asGood) / (1 + Permutations), drawn[Permutations / 40], drawn[Permutations - 1 - Permutations / 40]);
    }

    /// <summary>The best so many: those above the edge, and of the equals at the edge as many as are left, each in part.</summary>
    readonly record struct Top(int Size, long Edge, int Above, int Tied)
    {
        public static Top Of(long[] values, int parts)
        {
            var size = values.Length / parts;
            if (size == 0)
                return default;
            var sorted = (long[])values.Clone();
            Array.Sort(sorted);
            var edge = sorted[^size];
            return new(size, edge, values.Count(v => v > edge), values.Count(v => v == edge));
        }

        /// <summary>What they made, times the number of equals.</summary>
        public Int128 Weigh(long above, long tied) => ((Int128)above * Tied) + ((Int128)tied * (Size - Above));

        public Int128 Weigh(long[] values, long[] next)
        {
            var (above, tied) = (0L, 0L);
            for (var i = 0; i < values.Length && Size > 0; i++)
                if (values[i] > Edge)
                    above += next[i];
                else if (values[i] == Edge)
                    tied += next[i];
            return Weigh(above, tied);
        }
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014): the same seed gives the same numbers with every version of .NET.</summary>
    struct SplitMix(Guid seed)
    {
        ulong state = BinaryPrimitives.ReadUInt64BigEndian(seed.ToByteArray(bigEndian: true));

        public int Below(int n)
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (int)((((z ^ (z >> 31)) >> 32) * (ulong)n) >> 32);
        }
    }
}
