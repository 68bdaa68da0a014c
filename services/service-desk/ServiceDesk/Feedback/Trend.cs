using MathNet.Numerics.Distributions;

namespace CrmPlatform.ServiceDesk.Feedback;

/// <summary>Whether more of a week's feedback than before is about a theme.</summary>
/// <param name="Theme">Code of the theme.</param>
/// <param name="Items">How many of the week's texts are about it.</param>
/// <param name="Share">Their share of the week's texts, with four decimals.</param>
/// <param name="Before">The share in the eight weeks before, with four decimals; null if nothing was said then.</param>
/// <param name="Probability">How probable as many or more are if nothing has changed: the upper tail of the binomial distribution, with
/// four decimals; null of fewer than five, and where nothing was said before.</param>
/// <param name="Corrected">That, corrected for the number of themes of the week (Holm 1979, A simple sequentially rejective multiple test
/// procedure, Scandinavian Journal of Statistics 6).</param>
/// <param name="State"><c>alarm</c>: half as much again and corrected below .01; <c>watch</c>: half as much again and below .05;
/// else <c>calm</c>.</param>
public sealed record Trend(
    string Theme,
    long Items,
    decimal Share,
    decimal? Before,
    decimal? Probability,
    decimal? Corrected,
    [property: OneOf("alarm", "watch", "calm")] string State
)
{
    const int Least = 5;
    const double Growth = 1.5;

    /// <summary>The trends of one week.</summary>
    /// <param name="texts">How many texts there were in the week and in the eight weeks before, and of each theme how many.</param>
    public static IReadOnlyList<Trend> Of(long week, long before, IReadOnlyList<(string Theme, long Week, long Before)> texts)
    {
        var asked = (
            from t in texts
            where t.Week >= Least && before > 0
            select (t.Theme, P: 1 - Binomial.CDF((double)t.Before / before, (int)week, t.Week - 1))
        )
            .OrderBy(t => t.P)
            .ToList();
        var corrected = new Dictionary<string, (double P, double Holm)>();
        var largest = 0d;
        foreach (var (i, (theme, p)) in asked.Index())
        {
            largest = Math.Max(largest, Math.Min(1, p * (asked.Count - i)));
            corrected[theme] = (p, largest);
        }
        return
        [
            .. from t in texts.OrderByDescending(t => t.Week).ThenBy(t => t.Theme, StringComparer.Ordinal)
            let share = week == 0 ? 0 : (double)t.Week / week
            let was = before == 0 ? (double?)null : (double)t.Before / before
            let found = corrected.TryGetValue(t.Theme, out var c) ? c : ((double P, double Holm)?)null
            let grown = was is { } b && share >= Growth * b
            select new Trend(
                t.Theme,
                t.Week,
                Rounded(share)!.Value,
                Rounded(was),
                Rounded(found?.P),
                Rounded(found?.Holm),
                grown && found?.Holm < .01 ? "alarm"
                    : grown && found?.P < .05 ? "watch"
                    : "calm"
            ),
        ];
    }

    static decimal? Rounded(double? value) => value is { } v ? Math.Round((decimal)v, 4) : null;
}
