using MathNet.Numerics.Distributions;

namespace CrmPlatform.ServiceDesk.CorrectiveActions;

/// <summary>
/// Whether complaints or feedback became rarer: their number in as many days before an action was set and after it was done.
/// </summary>
/// <param name="Before">Those with the cause or theme in the days before it was set.</param>
/// <param name="After">Those in the days after it was done.</param>
/// <param name="Ratio">After over before, with four decimals; null if there were none before.</param>
/// <param name="Low">The lower end of its 95 % interval; null if there were none at all.</param>
/// <param name="High">The upper end; null if there were none before.</param>
/// <param name="Effective">Whether the upper end is below 1.</param>
public sealed record Recurrence(long Before, long After, decimal? Ratio, decimal? Low, decimal? High, bool Effective)
{
    const double Tail = .025;

    /// <summary>
    /// The ratio of two Poisson rates with its exact interval: given their sum, the number of one of them is binomial (Przyborowski and
    /// Wilenski 1940, Homogeneity of results in testing samples from Poisson series, Biometrika 31), whose share has the interval of
    /// Clopper and Pearson 1934.
    /// </summary>
    /// <param name="exposure">How much longer the time before was than the time after: 1 for as many days.</param>
    public static Recurrence Of(long before, long after, double exposure = 1)
    {
        double low = after == 0 ? 0 : Beta.InvCDF(after, before + 1, Tail),
            high = before == 0 ? 1 : Beta.InvCDF(after + 1, before, 1 - Tail);
        var upper = before == 0 ? null : Rounded(high / (1 - high) * exposure);
        return new(
            Before: before,
            After: after,
            Ratio: before == 0 ? null : Rounded((double)after / before * exposure),
            Low: before + after == 0 ? null : Rounded(low / (1 - low) * exposure),
            High: upper,
            Effective: upper < 1
        );
    }

    static decimal? Rounded(double value) => Math.Round((decimal)value, 4);
}
