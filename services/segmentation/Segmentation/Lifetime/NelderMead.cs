namespace CrmPlatform.Segmentation.Lifetime;

/// <param name="Converged">False where the most iterations that are allowed did not do.</param>
public sealed record Minimum(double[] At, double Value, bool Converged);

/// <summary>
/// The downhill simplex of Nelder and Mead (The Computer Journal 7, 1965): a minimum without derivatives. It ends when both the values and
/// the places of the simplex agree; libraries at hand stop at the values alone, which leaves the parameters of a flat likelihood loose.
/// </summary>
public static class NelderMead
{
    /// <summary>Logarithms of parameters further from 0 than this are out of bounds: their numbers stay finite.</summary>
    public const double Edge = 50;

    const int MostIterations = 4_000;
    const double FirstStep = 0.25;

    /// <param name="f">A value that is not a number counts as infinitely high.</param>
    public static Minimum Minimise(Func<double[], double> f, double[] start, double valueTolerance, double placeTolerance)
    {
        var n = start.Length;
        var simplex = new (double[] At, double Value)[n + 1];
        for (var i = 0; i <= n; i++)
        {
            var at = (double[])start.Clone();
            if (i > 0)
                at[i - 1] += FirstStep;
            simplex[i] = Measured(at);
        }
        for (var iteration = 0; ; iteration++)
        {
            Array.Sort(simplex, (a, b) => a.Value.CompareTo(b.Value));
            var (best, worst) = (simplex[0], simplex[n]);
            var converged = Math.Abs(worst.Value - best.Value) < valueTolerance && Spread(simplex) < placeTolerance;
            if (converged || iteration == MostIterations)
                return new(best.At, best.Value, converged);
            Step(simplex, worst);
        }

        (double[] At, double Value) Measured(double[] at) =>
            (at, f(at) is var value && double.IsNaN(value) ? double.PositiveInfinity : value);

        void Step((double[] At, double Value)[] s, (double[] At, double Value) worst)
        {
            var centre = Centre(s);
            var reflected = Measured(Between(centre, worst.At, -1));
            if (reflected.Value < s[0].Value)
            {
                var expanded = Measured(Between(centre, worst.At, -2));
                s[n] = expanded.Value < reflected.Value ? expanded : reflected;
                return;
            }
            if (reflected.Value < s[n - 1].Value)
            {
                s[n] = reflected;
                return;
            }
            var contracted = Measured(reflected.Value < worst.Value ? Between(centre, reflected.At, 0.5) : Between(centre, worst.At, 0.5));
            if (contracted.Value < Math.Min(reflected.Value, worst.Value))
            {
                s[n] = contracted;
                return;
            }
            for (var i = 1; i <= n; i++)
                s[i] = Measured(Between(s[0].At, s[i].At, 0.5));
        }
    }

    /// <summary>The centre of all but the last.</summary>
    static double[] Centre((double[] At, double Value)[] simplex)
    {
        var n = simplex.Length - 1;
        var centre = new double[n];
        for (var i = 0; i < n; i++)
        for (var j = 0; j < n; j++)
            centre[j] += simplex[i].At[j] / n;
        return centre;
    }

    static double[] Between(double[] from, double[] to, double part)
    {
        var at = new double[from.Length];
        for (var j = 0; j < at.Length; j++)
            at[j] = from[j] + (part * (to[j] - from[j]));
        return at;
    }

    static double Spread((double[] At, double Value)[] simplex)
    {
        var spread = 0.0;
        foreach (var (at, _) in simplex)
            for (var j = 0; j < at.Length; j++)
                spread = Math.Max(spread, Math.Abs(at[j] - simplex[0].At[j]));
        return spread;
    }
}
