namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>Customer effort score 费力度, 7 is easy, under its three names, which are three numbers.</summary>
/// <param name="CesMean">Mean score, three decimals.</param>
/// <param name="CesMeanHalf">Half of the 95 % interval around the mean, four decimals; null of one answer.</param>
/// <param name="CesTop3">Share of 5 to 7, in percent, one decimal.</param>
/// <param name="CesNet">Share of 6 and 7 less that of 1 to 3, in percent, one decimal.</param>
public sealed record CesFigure(decimal CesMean, decimal? CesMeanHalf, decimal CesTop3, decimal CesNet)
{
    /// <param name="counts">How often each score was given.</param>
    public static CesFigure? Of(IReadOnlyDictionary<int, long> counts)
    {
        var n = counts.Values.Sum();
        if (n == 0)
            return null;
        var mean = counts.Sum(c => (double)c.Key * c.Value) / n;
        var variance = counts.Sum(c => c.Value * (c.Key - mean) * (c.Key - mean)) / (n - 1);
        return new(
            Math.Round((decimal)mean, 3),
            n == 1 ? null : Math.Round((decimal)(Interval.Z * Math.Sqrt(variance / n)), 4),
            Percent(c => c >= 5),
            Percent(c => c >= 6) - Percent(c => c <= 3)
        );

        decimal Percent(Func<int, bool> among) => Math.Round(100m * counts.Where(c => among(c.Key)).Sum(c => c.Value) / n, 1);
    }
}
