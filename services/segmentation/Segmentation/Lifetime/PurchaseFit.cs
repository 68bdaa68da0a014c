namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>The parameters that make what customers did most likely.</summary>
/// <param name="Patterns">So many different (x, t_x, T) there were.</param>
/// <param name="Degenerate">What is wrong with the parameters; null for nothing.</param>
public sealed record PurchaseFit(PurchaseModel Model, double LogLikelihood, int Patterns, string? Degenerate)
{
    const double Highest = 1e4,
        Lowest = 1e-4,
        ValueTolerance = 1e-10,
        PlaceTolerance = 1e-7,
        LongestAge = 1_000;

    static readonly double[][] starts =
    [
        [1, 1, 1, 1],
        [0.5, 10, 0.6, 11],
        [0.25, 4, 0.8, 2.5],
        [1, 5, 2, 2],
    ];

    /// <summary>
    /// Maximum likelihood from four starts, the best of which wins, on the logarithms of the parameters. Ages of more than 1,000 weeks are
    /// scaled to that.
    /// </summary>
    /// <param name="patterns">At least one.</param>
    public static PurchaseFit Of(ModelKind kind, IReadOnlyList<PurchasePattern> patterns, CancellationToken ct = default)
    {
        var scale = Math.Max(1, patterns.Max(p => p.Age) / LongestAge);
        var weight = patterns.Sum(p => p.Weight);
        var likelihood = new PurchaseLikelihood(
            kind,
            scale > 1 ? [.. patterns.Select(p => p with { Recency = p.Recency / scale, Age = p.Age / scale })] : patterns
        );
        // Per customer, so that the tolerance means the same for many of them as for few.
        double Height(double[] logs)
        {
            ct.ThrowIfCancellationRequested();
            if (logs.Any(l => Math.Abs(l) > NelderMead.Edge))
                return double.PositiveInfinity;
            return -likelihood.At(Math.Exp(logs[0]), Math.Exp(logs[1]), Math.Exp(logs[2]), Math.Exp(logs[3])) / weight;
        }
        var found = new Minimum[starts.Length];
        Parallel.For(
            0,
            starts.Length,
            i => found[i] = NelderMead.Minimise(Height, [.. starts[i].Select(v => Math.Log(v))], ValueTolerance, PlaceTolerance)
        );
        var best = found.MinBy(m => m.Value)!;
        double[] p = [.. best.At.Select(Math.Exp)];
        var model = new PurchaseModel(kind, p[0], p[1] * scale, p[2], p[3]);
        // The density of x purchases in other units of time differs by the unit to the power of x.
        var logLikelihood = (-best.Value * weight) - (Math.Log(scale) * patterns.Sum(q => q.X * q.Weight));
        return new(model, logLikelihood, patterns.Count, Fault(model, best.Converged));
    }

    static string? Fault(PurchaseModel model, bool converged)
    {
        foreach (var (name, value) in new[] { ("r", model.R), ("alpha", model.Alpha), ("a", model.A), ("b", model.B) })
            if (value is not (<= Highest and >= Lowest))
                return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} = {value:G3}");
        return converged ? null : "no-convergence";
    }
}
