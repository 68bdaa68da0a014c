namespace CrmPlatform.Segmentation.WinBack;

/// <summary>
/// The difference of two shares with its 95 % interval: Newcombe 1998, Interval estimation for the difference between independent
/// proportions, Statistics in Medicine 17, method 10 (from the intervals of Wilson 1927).
/// </summary>
public readonly record struct Uplift(double Difference, double Low, double High)
{
    const double Z = 1.959963984540054;

    /// <summary>Whether it is another than none, for all that is known.</summary>
    public bool Proven => Low > 0 || High < 0;

    /// <returns>Null where one side has nobody.</returns>
    public static Uplift? Of(long won, long treated, long wonOfHeld, long held)
    {
        if (treated == 0 || held == 0)
            return null;
        var ((p1, low1, high1), (p2, low2, high2)) = (Wilson(won, treated), Wilson(wonOfHeld, held));
        return new(p1 - p2, p1 - p2 - Root(p1 - low1, high2 - p2), p1 - p2 + Root(high1 - p1, p2 - low2));
    }

    static (double Share, double Low, double High) Wilson(double k, double n)
    {
        var p = k / n;
        var (middle, half, whole) = (p + (Z * Z / (2 * n)), Z * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n))), 1 + (Z * Z / n));
        return (p, (middle - half) / whole, (middle + half) / whole);
    }

    static double Root(double a, double b) => Math.Sqrt((a * a) + (b * b));
}
