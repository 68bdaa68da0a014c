namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>Net promoter score 净推荐值: 100 · (promoters − detractors) / n.</summary>
/// <param name="Score">−100 to 100, one decimal.</param>
/// <param name="Low">The true score is above this and below <c>High</c> with 95 %: adjusted Wald (Rocks 2016), one decimal.</param>
/// <param name="High">The upper end.</param>
public sealed record NpsFigure(decimal Score, decimal Low, decimal High)
{
    /// <summary>Of fewer answers there is no score.</summary>
    public const long Fewest = 10;

    /// <param name="promoters">9 and 10.</param>
    /// <param name="passives">7 and 8.</param>
    /// <param name="detractors">0 to 6.</param>
    public static NpsFigure? Of(long promoters, long passives, long detractors)
    {
        var n = promoters + passives + detractors;
        if (n < Fewest)
            return null;
        var (p, d, m) = (promoters + .75, detractors + .75, n + 3.0);
        var x = (p - d) / m;
        var half = Interval.Z * Math.Sqrt((((p + d) / m) - (x * x)) / m);
        return new(Percent((double)(promoters - detractors) / n), Percent(Math.Max(-1, x - half)), Percent(Math.Min(1, x + half)));
    }

    static decimal Percent(double share) => Math.Round((decimal)(100 * share), 1, MidpointRounding.AwayFromZero);
}
