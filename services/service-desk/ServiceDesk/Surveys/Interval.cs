namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>Intervals of 95 %.</summary>
static class Interval
{
    public const double Z = 1.96;

    /// <summary>Of a share, also where it is 0 or 1 (Wilson 1927).</summary>
    public static (double Low, double High) Wilson(long hits, long n)
    {
        var (p, z2) = ((double)hits / n, Z * Z);
        var (middle, half) = (p + (z2 / (2 * n)), Z * Math.Sqrt((p * (1 - p) / n) + (z2 / (4.0 * n * n))));
        return (Math.Max(0, (middle - half) / (1 + (z2 / n))), Math.Min(1, (middle + half) / (1 + (z2 / n))));
    }
}
