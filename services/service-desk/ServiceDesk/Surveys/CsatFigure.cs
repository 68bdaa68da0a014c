namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>Customer satisfaction 满意度: the share of scores 4 and 5.</summary>
/// <param name="Share">0 to 1, four decimals.</param>
/// <param name="Low">The true share is above this and below <c>High</c> with 95 %: Wilson, four decimals.</param>
/// <param name="High">The upper end.</param>
/// <param name="Mean">Mean score, two decimals.</param>
public sealed record CsatFigure(decimal Share, decimal Low, decimal High, decimal Mean)
{
    /// <param name="counts">How often each score was given.</param>
    public static CsatFigure? Of(IReadOnlyDictionary<int, long> counts)
    {
        var (n, satisfied) = (counts.Values.Sum(), counts.Where(c => c.Key >= 4).Sum(c => c.Value));
        if (n == 0)
            return null;
        var (low, high) = Interval.Wilson(satisfied, n);
        return new(
            Math.Round((decimal)satisfied / n, 4),
            Math.Round((decimal)low, 4),
            Math.Round((decimal)high, 4),
            Math.Round(counts.Sum(c => (decimal)c.Key * c.Value) / n, 2)
        );
    }
}
