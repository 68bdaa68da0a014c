using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Runs;

namespace CrmPlatform.Segmentation.Grading;

/// <summary>The numbers of a scheme's indicators, of everybody with a net order by the end of a day.</summary>
/// <param name="Columns">Of each indicator, the number of each customer; NaN where it is not known.</param>
sealed record GradeInputs(IReadOnlyList<Guid> Customers, IReadOnlyList<double[]> Columns)
{
    /// <param name="scoring">Whose cut-off values give scores; null where there is none.</param>
    /// <param name="through">Only what the log held up to this event.</param>
    /// <param name="customer">Only the one under whose id this customer was judged.</param>
    public static async Task<GradeInputs> Read(
        NpgsqlConnection connection,
        GradeScheme scheme,
        DateOnly asOf,
        GetRuns.Row? scoring,
        long through,
        Business business,
        CancellationToken ct,
        Guid? customer = null
    )
    {
        var until = business.StartOf(asOf.AddDays(1));
        var all = (await Population.Read(connection, until, until, through, ct, customer)).FindAll(m => m.Orders > 0);
        Guid[] ids = [.. all.Select(m => m.CustomerId)];
        // A window is read once, however many indicators have it.
        var windows = new Dictionary<int, Dictionary<Guid, Member>>();
        var days = new Dictionary<int, Dictionary<Guid, long>>();
        foreach (var source in scheme.Indicators.Select(i => i.Source.Purchases).OfType<PurchaseSource>())
        {
            var (window, from) = (
                source.Days ?? 0,
                source.Days is { } d && d <= asOf.DayNumber ? business.StartOf(asOf.AddDays(1 - d)) : Population.Always
            );
            if (source.Measure == PurchaseMeasure.DistinctDays)
            {
                if (!days.ContainsKey(window))
                    days[window] = await OrderDays.Read(connection, ids, (from, until, until), through, business, ct);
            }
            else if (!windows.ContainsKey(window))
            {
                var read = window == 0 ? all : await Population.Read(connection, until, until, through, ct, customer, from: from);
                windows[window] = read.ToDictionary(m => m.CustomerId);
            }
        }
        return new(ids, [.. scheme.Indicators.Select(i => Column(i.Source))]);

        double[] Column(IndicatorSource source)
        {
            if (source.Score is { } score)
                return [.. all.Select(m => scoring is null ? double.NaN : Score(score, m, scoring, business))];
            var (measure, window) = (source.Purchases!.Measure, source.Purchases.Days ?? 0);
            return measure == PurchaseMeasure.DistinctDays
                ? [.. ids.Select(id => (double)days[window].GetValueOrDefault(id))]
                : [.. ids.Select(id => Purchases(measure, windows[window].GetValueOrDefault(id), asOf, business))];
        }
    }

    static double Purchases(PurchaseMeasure? measure, Member? m, DateOnly asOf, Business business) =>
        measure switch
        {
            PurchaseMeasure.Count => m?.Orders ?? 0,
            PurchaseMeasure.Net => (double)MinorUnits.ToAmount(m?.Revenue ?? 0, business.Currency),
            _ when m is not { Orders: > 0 } => double.NaN,
            PurchaseMeasure.Average => (double)(MinorUnits.ToAmount(m.Revenue, business.Currency) / m.Orders),
            _ => asOf.DayNumber - business.DayOf(m.LastOrderAt!.Value).DayNumber,
        };

    static double Score(ScoreMeasure score, Member m, GetRuns.Row scoring, Business business)
    {
        var ((rfm, abc), metrics) = (scoring.Scales, m.Metrics(business));
        var scores = rfm.Score(metrics);
        return score switch
        {
            ScoreMeasure.Recency => scores.Recency,
            ScoreMeasure.Frequency => scores.Frequency,
            ScoreMeasure.Monetary => scores.Monetary,
            ScoreMeasure.Index => (double)scoring.By.Weights.Index(scores),
            _ => 3 - "ABC".IndexOf(abc.Grade(scoring.By.Shared(metrics)), StringComparison.Ordinal),
        };
    }
}
