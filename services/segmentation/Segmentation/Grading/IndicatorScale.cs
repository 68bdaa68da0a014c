namespace CrmPlatform.Segmentation.Grading;

/// <summary>
/// What a run has to remember of an indicator, so that each of its scores can be computed again: cut-offs of the percentile, and the mean.
/// </summary>
/// <param name="Known">Customers of whom the number is known.</param>
/// <param name="CutOffs">Ascending, best last (numbers of which less is better are negated). All different numbers where there are no more
/// than <see cref="Most"/>; else so many of them: then a percentile is up to 100 / <see cref="Most"/> = 0.01 points too low. Empty for
/// <c>minMax</c>.</param>
/// <param name="Worse">How many customers are strictly worse than each of these.</param>
/// <param name="Mean">Mean norm, in units of 10⁻⁷ points.</param>
public sealed record IndicatorScale(int Known, IReadOnlyList<double> CutOffs, IReadOnlyList<int> Worse, long Mean)
{
    public const int Most = 10_000;

    /// <summary>100 points, in the unit of norms: numbers in it are whole, so sums do not depend on the order.</summary>
    public const long Hundred = 1_000_000_000;

    readonly double[] cuts = [.. CutOffs];

    /// <param name="values">Of all customers; NaN where the number is not known.</param>
    public static IndicatorScale Of(Indicator indicator, ReadOnlySpan<double> values)
    {
        var known = new double[values.Length];
        var n = 0;
        foreach (var v in values)
            if (!double.IsNaN(v))
                known[n++] = Oriented(indicator, v);
        var scale = new IndicatorScale(n, [], [], 0);
        if (indicator.Norm == IndicatorNorm.Percentile)
            scale = Ranked(known, n);
        if (indicator.Missing != MissingValue.Mean || n == 0)
            return scale;
        var sum = 0L;
        foreach (var v in values)
            if (!double.IsNaN(v))
                sum += scale.Norm(indicator, v);
        return new(n, scale.CutOffs, scale.Worse, (long)decimal.Round((decimal)sum / n));
    }

    static IndicatorScale Ranked(double[] known, int n)
    {
        Array.Sort(known, 0, n);
        var different = 0;
        for (var i = 0; i < n; i++)
            if (i == 0 || known[i] != known[i - 1])
                different++;
        var (cuts, worse, kept) = (new List<double>(), new List<int>(), -1L);
        for (var i = 0; i < n; i++)
        {
            if (i > 0 && known[i] == known[i - 1])
                continue;
            // Of numbers whose ranks are that close together, the worst stands for all.
            var place = different <= Most ? i : (long)i * Most / n;
            if (place == kept)
                continue;
            kept = place;
            cuts.Add(known[i]);
            worse.Add(i);
        }
        return new(n, cuts, worse, 0);
    }

    /// <returns>In units of 10⁻⁷ points, half to even.</returns>
    public long Norm(Indicator indicator, double value)
    {
        if (indicator.Norm == IndicatorNorm.MinMax)
        {
            var (lo, hi) = ((double)indicator.Lo!.Value, (double)indicator.Hi!.Value);
            return At((value - lo) / (hi - lo), indicator.Direction == Direction.Down);
        }
        if (Known < 2)
            return 0;
        var i = Array.BinarySearch(cuts, Oriented(indicator, value));
        i = i < 0 ? ~i - 1 : i;
        return i < 0 ? 0 : (long)Math.Round((double)Worse[i] * Hundred / (Known - 1));
    }

    internal static long At(double share, bool down)
    {
        var norm = (long)Math.Round(Math.Clamp(share, 0, 1) * Hundred);
        return down ? Hundred - norm : norm;
    }

    static double Oriented(Indicator indicator, double value) => indicator.Direction == Direction.Down ? -value : value;

    public bool Equals(IndicatorScale? other) =>
        other is not null
        && (Known, Mean) == (other.Known, other.Mean)
        && CutOffs.SequenceEqual(other.CutOffs)
        && Worse.SequenceEqual(other.Worse);

    public override int GetHashCode() => HashCode.Combine(Known, Mean);
}
