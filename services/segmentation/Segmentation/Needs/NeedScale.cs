using System.Text.Json.Serialization;

namespace CrmPlatform.Segmentation.Needs;

/// <summary>How often a customer ordered in the window, and how many of these orders show the need.</summary>
public readonly record struct NeedCount(int Orders, int Counted)
{
    public static NeedCount operator +(NeedCount one, NeedCount other) => new(one.Orders + other.Orders, one.Counted + other.Counted);
}

/// <summary>
/// What a run has measured of all customers' need for low prices: with a customer's count it gives strength and band. Strength is the share
/// of orders with a discounted line, shrunk towards the shop's mean as if there were ten more orders like the mean, (k + 10 m) / (n + 10).
/// Bands are compared in whole numbers: (k + 10 m) / (n + 10) − m = (k N − n K) / (N (n + 10)) where m = K / N.
/// </summary>
/// <param name="Counted">K: orders of all customers that show the need.</param>
/// <param name="Orders">N: orders of all customers.</param>
/// <param name="Judged">Customers with at least five orders.</param>
/// <param name="Deviation">σ: standard deviation of the strengths of these (of the population), rounded to nine decimals.</param>
public sealed record NeedScale(string Code, long Counted, long Orders, int Judged, double Deviation)
{
    /// <summary>Of who ordered less often it is not known.</summary>
    public const int FewestOrders = 5;

    const int Prior = 10;

    // In twentieths: .15 and .25 above the mean; a band is left .05 below its edge.
    const int Low = 3,
        High = 5,
        Hold = 1;

    /// <summary>m: the share of all orders that show the need.</summary>
    [JsonIgnore]
    public double Mean => Orders == 0 ? 0 : (double)Counted / Orders;

    /// <summary>More than nine orders in ten show it: that says nothing of a customer.</summary>
    [JsonIgnore]
    public bool Off => 10 * Counted > 9 * Orders;

    /// <param name="patterns">How many customers have each count.</param>
    public static NeedScale Of(string code, IReadOnlyDictionary<NeedCount, int> patterns)
    {
        var scale = new NeedScale(code, 0, 0, 0, 0);
        foreach (var (count, customers) in patterns)
            scale = scale with
            {
                Counted = scale.Counted + ((long)count.Counted * customers),
                Orders = scale.Orders + ((long)count.Orders * customers),
                Judged = scale.Judged + (count.Orders < FewestOrders ? 0 : customers),
            };
        var (sum, squares) = (0.0, 0.0);
        // In one order, so that the sum is the same whoever came first.
        foreach (var (count, customers) in patterns.OrderBy(p => p.Key.Orders).ThenBy(p => p.Key.Counted))
            if (scale.Strength(count) is { } strength)
            {
                // From the mean, so that squares do not cancel.
                sum += (strength - scale.Mean) * customers;
                squares += (strength - scale.Mean) * (strength - scale.Mean) * customers;
            }
        var n = Math.Max(1, scale.Judged);
        return scale with { Deviation = Math.Round(Math.Sqrt(Math.Max(0, (squares / n) - (sum / n * (sum / n)))), 9) };
    }

    /// <returns>Null where it is not known: fewer than five orders.</returns>
    public double? Strength(NeedCount count) =>
        count.Orders < FewestOrders ? null : (count.Counted + (Prior * Mean)) / (count.Orders + Prior);

    /// <summary>How far the strength is above the mean, in standard deviations; null where it is not known or all are alike.</summary>
    public double? Distance(NeedCount count) => Deviation > 0 && Strength(count) is { } s ? (s - Mean) / Deviation : null;

    /// <param name="before">The band that the customer had.</param>
    /// <returns>Null for no need.</returns>
    public NeedBand? BandOf(NeedCount count, NeedBand? before)
    {
        if (count.Orders < FewestOrders || Orders == 0 || Off)
            return null;
        if (IsAbove(count, before == NeedBand.High ? High - Hold : High))
            return NeedBand.High;
        return IsAbove(count, before is null ? Low : Low - Hold) ? NeedBand.Low : null;
    }

    bool IsAbove(NeedCount count, int twentieths) =>
        20 * ((count.Counted * Orders) - (count.Orders * Counted)) >= twentieths * Orders * (count.Orders + Prior);
}
