using CrmPlatform.Segmentation.Lifetime;

namespace CrmPlatform.Segmentation.Churn;

/// <summary>How likely it is that a customer still buys: ok from P(alive) 0.5 on, watch from 0.3 on, risk from 0.2 on.</summary>
public enum RiskBand
{
    Ok,
    Watch,
    Risk,
    Critical,
}

/// <summary>A purchase that was not wholly returned.</summary>
public sealed record ChurnOrder(Guid Id, DateTimeOffset At);

/// <summary>The model that customers are scored with, and since when.</summary>
public sealed record RiskModel(Guid Id, PurchaseModel Purchases, DateTimeOffset From);

/// <summary>What was last recorded of a customer's band; without a model nothing was.</summary>
public readonly record struct Risk(RiskBand Band, Guid? ModelId, DateTimeOffset? Since);

/// <summary>A band begins.</summary>
public readonly record struct BandStep(RiskBand Band, string Cause, DateTimeOffset At);

/// <summary>
/// Bands as a step function of time: P(alive) falls with time alone, and when it meets a threshold is solved in closed form
/// (<see cref="PurchaseModel.FallsTo"/>), to the second. Between two purchases the band never gets better.
/// </summary>
public static class RiskBands
{
    public const string Time = "time",
        Purchase = "purchase",
        Facts = "facts",
        Model = "model";

    /// <summary>Below it P(alive) is as good as none.</summary>
    public const double Lowest = 0.2;

    static readonly double[] levels = [0.5, 0.3, Lowest];

    /// <summary>
    /// When P(alive) falls below a level after a purchase, if nothing more is bought; null: never. Whoever bought first less than four
    /// weeks ago is not scored: then at the end of that time.
    /// </summary>
    public static DateTimeOffset? FallsBelow(double level, RiskModel model, Gap gap, Business business)
    {
        var history = gap.History;
        if (model.Purchases.FallsTo(level, history.X, history.Recency) is not { } weeks)
            return null;
        DateTimeOffset? at = weeks <= history.Recency ? gap.Purchase.At : GetLifetime.Instant(history, weeks, business);
        return at is { } fall ? Later(fall, business.StartOf(history.First.AddDays(BuyingHistory.Young))) : null;
    }

    /// <summary>
    /// The changes from what was recorded on, as the purchases that are known now mean it; each at its own instant, one that follows from
    /// what was told late at the last change.
    /// </summary>
    public static IEnumerable<BandStep> Changes(IReadOnlyList<ChurnOrder> orders, RiskModel model, Business business, Risk recorded)
    {
        var from = recorded.Since is { } since ? Later(since, model.From) : model.From;
        var band = recorded.Band;
        if (orders.Count == 0 || orders[0].At > from)
        {
            if (band != RiskBand.Ok)
                yield return new(band = RiskBand.Ok, Facts, from);
        }
        foreach (var gap in Gap.Of(orders, business))
        {
            if (gap.Until <= from)
                continue;
            var start = Later(gap.Purchase.At, from);
            DateTimeOffset[] falls = [.. levels.Select(level => FallsBelow(level, model, gap, business) ?? DateTimeOffset.MaxValue)];
            foreach (var at in falls.Where(f => f > start && f < gap.Until).Prepend(start))
            {
                var now = (RiskBand)falls.Count(f => f <= at);
                if (now == band)
                    continue;
                var cause =
                    at > start ? Time
                    : start > from || gap.Purchase.At == from ? Purchase
                    : recorded.ModelId != model.Id ? Model
                    : Facts;
                yield return new(band = now, cause, at);
            }
        }
    }

    static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

/// <summary>The time from one purchase to the next.</summary>
/// <param name="Place">Number of the purchase in the list.</param>
/// <param name="History">Business days with a purchase up to this one.</param>
/// <param name="Next">Null after the last one.</param>
public readonly record struct Gap(int Place, ChurnOrder Purchase, BuyingHistory History, ChurnOrder? Next)
{
    public DateTimeOffset Until => Next?.At ?? DateTimeOffset.MaxValue;

    /// <param name="orders">In the order of their instants.</param>
    public static IEnumerable<Gap> Of(IReadOnlyList<ChurnOrder> orders, Business business)
    {
        var (first, last, days) = (default(DateOnly), default(DateOnly), 0);
        for (var i = 0; i < orders.Count; i++)
        {
            var day = business.DayOf(orders[i].At);
            if (i == 0)
                first = day;
            if (i == 0 || day != last)
                days++;
            last = day;
            yield return new(i, orders[i], new(Guid.Empty, first, last, days, 0, 0), i + 1 < orders.Count ? orders[i + 1] : null);
        }
    }
}
