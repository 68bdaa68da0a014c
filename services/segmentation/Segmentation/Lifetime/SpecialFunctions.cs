namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>Functions of the purchase models that .NET does not have.</summary>
public static class SpecialFunctions
{
    const double TermTolerance = 1e-15;
    const int MostTerms = 20_000;

    // Bernoulli numbers over 2k(2k − 1): Stirling's series.
    static readonly double[] stirling =
    [
        1.0 / 12,
        -1.0 / 360,
        1.0 / 1260,
        -1.0 / 1680,
        1.0 / 1188,
        -691.0 / 360360,
        1.0 / 156,
        -3617.0 / 122400,
    ];

    /// <summary>ln Γ(x) for x &gt; 0, by Stirling's series (Abramowitz and Stegun 6.1.41) from 10 on.</summary>
    public static double LogGamma(double x)
    {
        var product = 1.0;
        for (; x < 10; x++)
            product *= x;
        var (sum, power) = (0.0, 1 / x);
        foreach (var c in stirling)
        {
            sum += c * power;
            power /= x * x;
        }
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + sum - Math.Log(product);
    }

    /// <summary>ln B(a, b) for a, b &gt; 0.</summary>
    public static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

    /// <summary>
    /// Gauss's hypergeometric function ₂F₁(a, b; c; z) for c &gt; 0 and 0 ≤ z &lt; 1, by its series; above 0.9, where that converges
    /// slowly, after Euler's transformation (Abramowitz and Stegun 15.1.1, 15.3.3).
    /// </summary>
    public static double Hypergeometric(double a, double b, double c, double z) =>
        z > 0.9 ? Math.Pow(1 - z, c - a - b) * Series(c - a, c - b, c, z) : Series(a, b, c, z);

    static double Series(double a, double b, double c, double z)
    {
        var (sum, term) = (1.0, 1.0);
        for (var n = 0; n < MostTerms && Math.Abs(term) >= TermTolerance * Math.Abs(sum); n++)
        {
            term *= (a + n) * (b + n) / ((c + n) * (n + 1)) * z;
            sum += term;
        }
        return sum;
    }
}
