using static CrmPlatform.Segmentation.Lifetime.SpecialFunctions;

namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>The Gamma-Gamma model of those who came again and paid something.</summary>
/// <param name="Buyers">So many they were.</param>
/// <param name="Correlation">Of x and the mean value over them; the model takes 0 for granted.</param>
/// <param name="Degenerate">What is wrong with the parameters; null for nothing.</param>
public sealed record ValueFit(ValueModel Model, double LogLikelihood, int Buyers, double Correlation, string? Degenerate)
{
    const double Highest = 1e4,
        Lowest = 1e-4,
        ValueTolerance = 1e-10,
        PlaceTolerance = 1e-7;

    static readonly double[][] starts =
    [
        [1, 2, 1],
        [6, 4, 0.5],
    ];

    /// <summary>
    /// Maximum likelihood (Fader and Hardie 2013, equation 1a) on the logarithms of the parameters.
    /// </summary>
    /// <param name="customers">Repeat days and their mean value; those without a repeat day or without value are left out.</param>
    public static ValueFit Of(IEnumerable<(int X, double MeanValue)> customers, CancellationToken ct = default)
    {
        var buyers = customers.Where(c => c.X > 0 && c.MeanValue > 0).ToArray();
        if (buyers.Length < 2)
            return new(new(0, 0, 0), 0, buyers.Length, 0, "too-few");
        // Amounts in means of all, so that the starts and limits suit any currency.
        var unit = buyers.Average(b => b.MeanValue);
        var counts = buyers.Select(b => b.X).Distinct().Order().ToArray();
        var patterns = buyers
            .GroupBy(b => b)
            .Select(g => (Count: Array.BinarySearch(counts, g.Key.X), Value: g.Key.MeanValue / unit, Weight: g.Count()))
            .ToArray();
        var sums = patterns.Select(p => counts[p.Count] * p.Value).ToArray();
        var logs = patterns.Select(p => Math.Log(p.Value)).ToArray();

        double At(double p, double q, double v)
        {
            ct.ThrowIfCancellationRequested();
            var alone = counts
                .Select(x => LogGamma((p * x) + q) - LogGamma(p * x) - LogGamma(q) + (q * Math.Log(v)) + (p * x * Math.Log(x)))
                .ToArray();
            var sum = 0.0;
            for (var i = 0; i < patterns.Length; i++)
            {
                var px = p * counts[patterns[i].Count];
                sum += patterns[i].Weight * (alone[patterns[i].Count] + ((px - 1) * logs[i]) - ((px + q) * Math.Log(sums[i] + v)));
            }
            return sum;
        }
        var best = starts
            .AsParallel()
            .Select(s =>
                NelderMead.Minimise(
                    l =>
                        l.Any(v => Math.Abs(v) > NelderMead.Edge)
                            ? double.PositiveInfinity
                            : -At(Math.Exp(l[0]), Math.Exp(l[1]), Math.Exp(l[2])) / buyers.Length,
                    [.. s.Select(v => Math.Log(v))],
                    ValueTolerance,
                    PlaceTolerance
                )
            )
            .MinBy(m => m.Value)!;
        var (p, q, v) = (Math.Exp(best.At[0]), Math.Exp(best.At[1]), Math.Exp(best.At[2]));
        return new(
            new(p, q, v * unit),
            // A density in other units of money.
            (-best.Value * buyers.Length) - (buyers.Length * Math.Log(unit)),
            buyers.Length,
            Correlated(buyers),
            Fault(p, q, v, best.Converged)
        );
    }

    static string? Fault(double p, double q, double v, bool converged)
    {
        foreach (var (name, value) in new[] { ("p", p), ("q", q), ("v", v) })
            if (value is not (<= Highest and >= Lowest))
                return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} = {value:G3}");
        return !converged ? "no-convergence"
            : q <= 1 ? "no-mean-value"
            : null;
    }

    static double Correlated((int X, double MeanValue)[] buyers)
    {
        var (mx, mz) = (buyers.Average(b => b.X), buyers.Average(b => b.MeanValue));
        var (xz, xx, zz) = (0.0, 0.0, 0.0);
        foreach (var (x, z) in buyers)
        {
            xz += (x - mx) * (z - mz);
            xx += (x - mx) * (x - mx);
            zz += (z - mz) * (z - mz);
        }
        return xx == 0 || zz == 0 ? 0 : xz / Math.Sqrt(xx * zz);
    }
}
