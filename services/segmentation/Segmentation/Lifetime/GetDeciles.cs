using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>What the tenth of the customers at the same place bought in the window of the model's calibration.</summary>
/// <param name="Customers">So many.</param>
/// <param name="Predicted">Purchase days that were expected of them.</param>
/// <param name="Observed">Purchase days that they made.</param>
public sealed record BackTest(int Customers, double Predicted, long Observed);

/// <summary>A tenth of the customers by customer lifetime value.</summary>
/// <param name="Decile">1 for those who are worth most, to 10.</param>
/// <param name="Customers">So many.</param>
/// <param name="Lowest">The lowest customer lifetime value among them, in the base currency.</param>
/// <param name="Clv">Sum of their customer lifetime values.</param>
/// <param name="Share">Share of that in the sum of all; all shares add up to 1.</param>
/// <param name="Alive">Mean P(alive).</param>
/// <param name="Weeks26">Purchase days that are expected of them in the next 26 weeks.</param>
/// <param name="BackTest">Null where the model has no calibration.</param>
public sealed record LifetimeDecile(
    int Decile,
    int Customers,
    decimal Lowest,
    decimal Clv,
    decimal Share,
    double Alive,
    double Weeks26,
    BackTest? BackTest
);

/// <summary>All customers by customer lifetime value, in tenths.</summary>
/// <param name="ModelId">The active model.</param>
/// <param name="AsOf">Today: the customers are scored as of its end.</param>
/// <param name="Margin">Share of a purchase's net that is earned.</param>
/// <param name="Customers">Customers who are scored.</param>
/// <param name="TooYoung">Customers who bought first less than four weeks ago, and are not.</param>
/// <param name="Clv">Sum of all customer lifetime values, in the base currency.</param>
/// <param name="BackTestAfter">The last day that the predictions of the back-test knew.</param>
/// <param name="BackTestThrough">The last day of the back-test.</param>
/// <param name="Deciles">Those who are worth most first; fewer than ten where there are not so many customers.</param>
public sealed record LifetimeDeciles(
    Guid ModelId,
    DateOnly AsOf,
    decimal Margin,
    string Currency,
    int Customers,
    int TooYoung,
    decimal Clv,
    DateOnly BackTestAfter,
    DateOnly BackTestThrough,
    IReadOnlyList<LifetimeDecile> Deciles
);

/// <summary>Who is worth how much, over all customers.</summary>
public static class GetDeciles
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "lifetime/deciles",
                "All customers by customer lifetime value in tenths, and how good such a prediction was",
                "segmentation.read",
                async (NpgsqlDataSource db, Business business, TimeProvider clock, CancellationToken ct) =>
                {
                    var today = business.DayOf(clock.GetUtcNow());
                    var model = await ModelList.Active(db, ct);
                    await using var connection = await db.OpenConnectionAsync(ct);
                    await using var snapshot = await connection.BeginTransactionAsync(ct);
                    return View(model, await BuyingHistories.OfAll(snapshot, business, today, ct), today, business);
                }
            )
            .AtOnce(2)
            .Refuses("model-not-active");

    static LifetimeDeciles View(ActiveModel model, List<BuyingHistory> all, DateOnly asOf, Business business)
    {
        var scorer = model.Scorer;
        Score[] scores =
        [
            .. all.Where(c => !c.IsYoung(asOf))
                .Select(c => scorer.Of(c.X, c.Recency, c.Age(asOf), c.MeanValue(business)))
                .OrderByDescending(s => s.Clv),
        ];
        var tenths = Calibration.Tenths(scores, part => part);
        var shares = Percentages.Of([.. tenths.Select(t => (decimal)t.Sum(s => s.Clv))]);
        var tested = model.Computed.Calibration?.ByValue ?? [];
        return new(
            ModelId: model.Id,
            AsOf: asOf,
            Margin: model.Computed.Margin,
            Currency: business.Currency,
            Customers: scores.Length,
            TooYoung: all.Count - scores.Length,
            Clv: GetLifetime.Amount(scores.Sum(s => s.Clv), business),
            BackTestAfter: model.Computed.CalibratedFrom,
            BackTestThrough: model.Computed.AsOf,
            Deciles: [.. tenths.Select((t, i) => Row(i, t, shares[i] / 100, i < tested.Count ? tested[i] : null, business))]
        );
    }

    static LifetimeDecile Row(int place, Score[] tenth, decimal share, ValueDecile? tested, Business business) =>
        new(
            Decile: place + 1,
            Customers: tenth.Length,
            Lowest: GetLifetime.Amount(tenth[^1].Clv, business),
            Clv: GetLifetime.Amount(tenth.Sum(s => s.Clv), business),
            Share: share,
            Alive: Math.Round(tenth.Average(s => s.Alive), 4),
            Weeks26: Math.Round(tenth.Sum(s => s.Weeks26), 2),
            BackTest: tested is null ? null : new(tested.Customers, Math.Round(tested.Predicted, 2), tested.Observed)
        );
}
