using static CrmPlatform.Segmentation.Lifetime.SpecialFunctions;

namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>
/// The log-likelihood of many patterns: what depends on x alone, on t_x alone or on T alone is computed once for each of their values.
/// </summary>
public sealed class PurchaseLikelihood
{
    readonly ModelKind kind;
    readonly (int X, int Recency, int Age, double Weight)[] patterns;
    readonly double[] times;
    readonly int[] counts;

    public PurchaseLikelihood(ModelKind kind, IReadOnlyList<PurchasePattern> of)
    {
        var (times, counts) = (new Dictionary<double, int>(), new Dictionary<int, int>());
        this.kind = kind;
        patterns = [.. of.Select(p => (Place(counts, p.X), Place(times, p.Recency), Place(times, p.Age), p.Weight))];
        this.times = [.. times.OrderBy(t => t.Value).Select(t => t.Key)];
        this.counts = [.. counts.OrderBy(c => c.Value).Select(c => c.Key)];

        static int Place<T>(Dictionary<T, int> places, T value)
            where T : notnull
        {
            if (!places.TryGetValue(value, out var place))
                places.Add(value, place = places.Count);
            return place;
        }
    }

    /// <summary>
    /// ln L of all: Fader, Hardie and Lee 2005, equation 6, Batislam et al. 2007 (see <see cref="PurchaseModel"/>), with the power of α + T
    /// taken out of the sum, so that nothing overflows.
    /// </summary>
    public double At(double r, double alpha, double a, double b)
    {
        Span<double> logs = new double[times.Length],
            alone = new double[counts.Length],
            drop = new double[counts.Length];
        for (var i = 0; i < logs.Length; i++)
            logs[i] = Math.Log(alpha + times[i]);
        var common = (r * Math.Log(alpha)) - LogGamma(r) - LogBeta(a, b);
        for (var i = 0; i < counts.Length; i++)
        {
            var survived = PurchaseModel.Survived(kind, counts[i]);
            alone[i] = common + LogGamma(r + counts[i]) + LogBeta(a, b + survived + 1);
            drop[i] = survived < 0 ? double.NegativeInfinity : Math.Log(a / (b + survived));
        }
        var sum = 0.0;
        foreach (var p in patterns)
        {
            var (power, age) = (r + counts[p.X], logs[p.Age]);
            var dropped = drop[p.X] + (power * (age - logs[p.Recency]));
            sum += p.Weight * (alone[p.X] - (power * age) + LogOnePlusExp(dropped));
        }
        return sum;
    }

    static double LogOnePlusExp(double x) => x > 0 ? x + Math.Log(1 + Math.Exp(-x)) : Math.Log(1 + Math.Exp(x));
}
