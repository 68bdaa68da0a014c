using System.Text.Json;

namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>Models, and one of them with its parameters and its calibration.</summary>
public static class GetModels
{
    const string Columns = "model_id as Id, as_of as AsOf, kind, margin, customers, computed_at as ComputedAt, state, since, reason";

    public static void Map(CrmService room)
    {
        room.MapGet(
            "lifetime/models",
            "Models of lifetime, newest first",
            "segmentation.read",
            async (NpgsqlDataSource db, int? limit, string? after, CancellationToken ct) =>
            {
                var size = PageLimit.Of(limit);
                var (at, id) = TimeCursor.Parse(after);
                var rows = await db.Query<ModelSummary>(
                    $"""
                    select {Columns} from lifetime_models
                    where @at::timestamptz is null or (computed_at, model_id) < (@at, @id)
                    order by computed_at desc, model_id desc limit @size + 1
                    """,
                    new
                    {
                        at,
                        id,
                        size,
                    },
                    ct
                );
                return Page.Of(rows, size, m => TimeCursor.Of(m.ComputedAt, m.Id));
            }
        );
        room.MapGet(
                "lifetime/models/{id:guid}",
                "One model: its parameters, and what it predicted against what happened",
                "segmentation.read",
                async (Guid id, NpgsqlDataSource db, CancellationToken ct) =>
                    await db.QuerySingleOrDefault<Row>(
                        $"select {Columns}, computed::text from lifetime_models where model_id = @id",
                        new { id },
                        ct
                    )
                        is { } row
                        ? Results.Ok(View(row))
                        : Answer.NotFound("model", id)
            )
            .WithName("GetModel")
            .Produces<ModelView>();
    }

    static ModelView View(Row row)
    {
        var m = JsonSerializer.Deserialize<ModelComputed>(row.Computed, EventStoreOptions.Json)!;
        var (p, v) = (m.Purchases, m.Value);
        return new(
            Id: row.Id,
            AsOf: row.AsOf,
            Kind: row.Kind,
            Margin: row.Margin,
            Definition: m.Definition,
            Customers: row.Customers,
            Repeaters: m.Repeaters,
            ComputedAt: row.ComputedAt,
            State: row.State,
            Since: row.Since,
            Reason: row.Reason,
            Purchases: new(
                R: Six(p.Model.R),
                Alpha: Six(p.Model.Alpha),
                A: Six(p.Model.A),
                B: Six(p.Model.B),
                LogLikelihood: Four(p.LogLikelihood),
                Patterns: p.Patterns,
                Degenerate: p.Degenerate
            ),
            Value: new(
                P: Six(v.Model.P),
                Q: Six(v.Model.Q),
                V: Six(v.Model.V),
                LogLikelihood: Four(v.LogLikelihood),
                Buyers: v.Buyers,
                Correlation: Four(v.Correlation),
                Correlated: Math.Abs(v.Correlation) > LifetimeModel.MuchCorrelation,
                Degenerate: v.Degenerate
            ),
            Calibration: new(m.CalibratedFrom, m.AsOf, Fitting.WindowWeeks, m.Calibration?.Rounded(), m.NotCalibrated),
            PurchasesCounted: m.PurchasesCounted,
            ReturnsCounted: m.ReturnsCounted
        );
    }

    static double Six(double value) => Math.Round(value, 6);

    static double Four(double value) => Math.Round(value, 4);

    sealed record Row(
        Guid Id,
        DateOnly AsOf,
        string Kind,
        decimal Margin,
        int Customers,
        DateTimeOffset ComputedAt,
        string State,
        DateTimeOffset Since,
        string? Reason,
        string Computed
    );
}
