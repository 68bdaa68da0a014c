using System.Globalization;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Runs;

namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>
/// Reads all customers and records a fit. The same day, kind, margin, definition and data are the same model. This room does not tell
/// companies from persons: all are fitted together.
/// </summary>
public sealed class Fitting(NpgsqlDataSource db, EventStore store, Scoring scoring, Business business, TimeProvider clock)
{
    /// <summary>Fewer customers who came again than this say too little.</summary>
    public const int FewestRepeaters = 200;

    /// <summary>The window of the calibration.</summary>
    public const int WindowWeeks = 26;

    string Definition => string.Create(CultureInfo.InvariantCulture, $"lifetime-1 zone={business.TimeZone} discount={Scorer.Discount}");

    public async Task<WriteResult> Fit(Request request, DateOnly asOf, ModelKind kind, decimal margin, CancellationToken ct)
    {
        await scoring.CatchUp(ct);
        await using var connection = await db.OpenConnectionAsync(ct);
        // One replica at a time; the second finds the model of the first.
        await ProcessLock.Take(connection, store, "crm-lifetime", "fit", ct);
        try
        {
            // 0.30 is 0.3: a quotient has no zeros at its end.
            return await Fit(request, connection, asOf, kind, margin / 1.0000000000000000000000000000m, ct);
        }
        finally
        {
            await ProcessLock.Give(connection, store, "crm-lifetime", "fit");
        }
    }

    async Task<WriteResult> Fit(
        Request request,
        NpgsqlConnection connection,
        DateOnly asOf,
        ModelKind kind,
        decimal margin,
        CancellationToken ct
    )
    {
        var cut = asOf.DayNumber < 7 * WindowWeeks ? DateOnly.MinValue : asOf.AddDays(-7 * WindowWeeks);
        Extent extent;
        List<BuyingHistory> now,
            before;
        await using (var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct))
        {
            var until = business.StartOf(asOf.AddDays(1));
            extent = await Population.Measure(connection, until, until, ct);
            var id = NameId.For(
                "lifetime-model",
                $"{asOf:O}",
                kind.ToString(),
                margin.ToString(CultureInfo.InvariantCulture),
                Definition,
                extent.Counted
            );
            request.Creates(id, $"/api/segmentation/lifetime/models/{id}");
            if (await Exists(connection, id))
                return await store.Write(request, LifetimeModel.Of(id), _ => []);
            now = await BuyingHistories.OfAll(snapshot, business, asOf, ct, after: cut);
            before = await BuyingHistories.OfAll(snapshot, business, cut, ct);
        }
        if (Repeaters(now) < FewestRepeaters)
            throw new RuleViolationException(
                "too-few",
                $"By {asOf:O} {Repeaters(now)} customers had bought on two days or more; {FewestRepeaters} are needed.",
                "asOf"
            );
        var (purchases, value) = Fits(kind, now, asOf, ct);
        var (calibration, not) = Calibrate(kind, before, now, cut, ct);
        var computed = new ModelComputed(
            AsOf: asOf,
            Kind: kind,
            Margin: margin,
            Definition: Definition,
            Customers: now.Count,
            Repeaters: Repeaters(now),
            Purchases: purchases,
            Value: value,
            CalibratedFrom: cut,
            Calibration: calibration,
            NotCalibrated: not,
            PurchasesCounted: extent.Purchases,
            ReturnsCounted: extent.Returns,
            Through: extent.Through,
            OccurredAt: clock.GetUtcNow()
        );
        return await store.Write(request, LifetimeModel.Of(request.Subject!.Value), model => model.Record(computed));
    }

    static Task<bool> Exists(NpgsqlConnection connection, Guid id) =>
        connection.QuerySingleAsync<bool>("select exists (select from lifetime_models where model_id = @id)", new { id });

    static int Repeaters(List<BuyingHistory> customers) => customers.Count(c => c.X > 0);

    (PurchaseFit Purchases, ValueFit Value) Fits(ModelKind kind, List<BuyingHistory> customers, DateOnly asOf, CancellationToken ct) =>
        (
            PurchaseFit.Of(kind, PurchasePattern.Of(customers.Select(c => (c.X, c.Recency, c.Age(asOf)))), ct),
            ValueFit.Of(customers.Select(c => (c.X, c.MeanValue(business))), ct)
        );

    /// <summary>What was known before the window is fitted, and says what would happen in it.</summary>
    (Calibration? Calibration, string? Not) Calibrate(
        ModelKind kind,
        List<BuyingHistory> before,
        List<BuyingHistory> now,
        DateOnly cut,
        CancellationToken ct
    )
    {
        if (Repeaters(before) < FewestRepeaters)
            return (null, "too-few");
        var (purchases, value) = Fits(kind, before, cut, ct);
        if (purchases.Degenerate is not null)
            return (null, "degenerate");
        var later = now.ToDictionary(c => c.CustomerId, c => c.Later);
        Tried[] tried =
        [
            .. before
                .Where(c => !c.IsYoung(cut))
                .Select(c => new Tried(c.X, c.Recency, c.Age(cut), c.MeanValue(business), later.GetValueOrDefault(c.CustomerId))),
        ];
        return tried.Length == 0
            ? (null, "too-young")
            : (Calibration.Of(purchases.Model, value.Degenerate is null ? value.Model : null, WindowWeeks, tried), null);
    }
}
