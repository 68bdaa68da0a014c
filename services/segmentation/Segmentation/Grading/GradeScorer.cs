namespace CrmPlatform.Segmentation.Grading;

/// <summary>An indicator's part in a score.</summary>
/// <param name="Value">The number; null where it is not known.</param>
/// <param name="Norm">0 to 100, in units of 10⁻⁷ points; null where it is skipped.</param>
/// <param name="Weight">Its share of the score, after skipped ones have been spread.</param>
/// <param name="Points">Weight times norm.</param>
/// <param name="Contribution">What is left of it after the cap of its group, with two decimals.</param>
public readonly record struct Part(double? Value, decimal? Norm, decimal Weight, decimal Points, decimal Contribution);

/// <summary>
/// Scores customers by a scheme: Σ over groups of min(cap, Σ w · norm), with two decimals, half to even. All sums are of whole numbers,
/// so the order of indicators and of customers does not matter. The weights count as shares of their sum, of those that are not skipped.
/// </summary>
public sealed class GradeScorer
{
    const long Billion = 1_000_000_000;

    /// <summary>Units of 10⁻⁷ points in a hundredth of a point.</summary>
    const long Hundredth = 100_000;

    readonly GradeScheme scheme;
    readonly long[] weights,
        caps;
    readonly int[] groups;

    /// <param name="scales">One for each indicator.</param>
    public GradeScorer(GradeScheme scheme, IReadOnlyList<IndicatorScale> scales)
    {
        (this.scheme, Scales) = (scheme, [.. scales]);
        weights = [.. scheme.Indicators.Select(i => (long)decimal.Round(i.Weight * Billion))];
        // The last is that of indicators without a group.
        caps = [.. scheme.Groups.Select(g => (long)(g.Cap / 100 * IndicatorScale.Hundred)), IndicatorScale.Hundred];
        List<string?> ids = [.. scheme.Groups.Select(g => g.Id), null];
        groups = [.. scheme.Indicators.Select(i => ids.IndexOf(i.Group))];
    }

    public IReadOnlyList<IndicatorScale> Scales { get; }

    /// <param name="columns">Of each indicator, the number of each customer; NaN where it is not known.</param>
    public static GradeScorer Of(GradeScheme scheme, IReadOnlyList<double[]> columns) =>
        new(scheme, [.. scheme.Indicators.Select((indicator, i) => IndicatorScale.Of(indicator, columns[i]))]);

    /// <summary>The score, with two decimals. One after the other it takes them from the columns.</summary>
    public decimal Score(IReadOnlyList<double[]> columns, int customer)
    {
        Span<double> values = stackalloc double[weights.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = columns[i][customer];
        return Score(values);
    }

    /// <param name="values">One for each indicator; NaN where it is not known.</param>
    public decimal Score(ReadOnlySpan<double> values)
    {
        Span<long> norms = stackalloc long[weights.Length],
            sums = stackalloc long[caps.Length];
        return new((int)Sum(values, norms, sums, out _), 0, 0, isNegative: false, scale: 2);
    }

    /// <summary>The score and what it is made of: the contributions add up to it exactly (largest remainder).</summary>
    public (decimal Score, IReadOnlyList<Part> Parts) Explain(ReadOnlySpan<double> values)
    {
        Span<long> norms = stackalloc long[weights.Length],
            sums = stackalloc long[caps.Length];
        var score = Sum(values, norms, sums, out var whole);
        var n = weights.Length;
        var (units, rests) = (new long[n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            if (norms[i] <= 0)
                continue;
            var (sum, cap) = (sums[groups[i]], caps[groups[i]]);
            // Where the cap holds, its points are shared out in proportion.
            var (of, by) = sum > cap * whole ? ((Int128)weights[i] * norms[i] * cap, (Int128)sum) : ((Int128)weights[i] * norms[i], whole);
            var (unit, rest) = Int128.DivRem(of, by * Hundredth);
            (units[i], rests[i]) = ((long)unit, (double)rest / (double)(by * Hundredth));
        }
        foreach (
            var i in Enumerable
                .Range(0, n)
                .OrderByDescending(i => rests[i])
                .ThenBy(i => scheme.Indicators[i].Id, StringComparer.Ordinal)
                .Take((int)(score - units.Sum()))
        )
            units[i]++;
        var parts = new Part[n];
        for (var i = 0; i < n; i++)
        {
            var (norm, weight) = (norms[i] < 0 ? null : (decimal?)norms[i] / 10_000_000, norms[i] < 0 ? 0 : (decimal)weights[i] / whole);
            parts[i] = new(double.IsNaN(values[i]) ? null : values[i], norm, weight, weight * (norm ?? 0), units[i] / 100m);
        }
        return (score / 100m, parts);
    }

    /// <returns>Hundredths of a point.</returns>
    /// <param name="norms">Filled; −1 for what is skipped.</param>
    /// <param name="sums">Filled: of each group, weight times norm before its cap.</param>
    /// <param name="whole">The sum of the weights that count.</param>
    long Sum(ReadOnlySpan<double> values, Span<long> norms, Span<long> sums, out long whole)
    {
        whole = 0;
        for (var i = 0; i < norms.Length; i++)
        {
            var (indicator, scale) = (scheme.Indicators[i], Scales[i]);
            norms[i] =
                !double.IsNaN(values[i]) ? scale.Norm(indicator, values[i])
                : indicator.Missing == MissingValue.Skip ? -1
                : indicator.Missing == MissingValue.Mean ? scale.Mean
                : 0;
            if (norms[i] < 0)
                continue;
            whole += weights[i];
            sums[groups[i]] += weights[i] * norms[i];
        }
        if (whole == 0)
            return 0;
        var total = 0L;
        for (var g = 0; g < sums.Length; g++)
            total += Math.Min(sums[g], caps[g] * whole);
        var (score, rest) = Math.DivRem(total, whole * Hundredth);
        var half = rest * 2 - whole * Hundredth;
        return half > 0 || (half == 0 && score % 2 == 1) ? score + 1 : score;
    }
}
