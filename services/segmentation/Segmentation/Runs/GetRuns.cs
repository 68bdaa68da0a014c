using System.Globalization;
using System.Text.Json;
using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Definitions;
using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Runs;

/// <summary>Runs of scoring, and one of them with its cut-off values.</summary>
public static class GetRuns
{
    const string Columns = """
        run_id as Id, as_of as AsOf, view, coalesce(measured_by ->> 'code', 'default') as MeasuredBy, customers, publishes,
        scored_at as ScoredAt, published_at as PublishedAt, changed as CustomersChanged
        """;

    public static void Map(CrmService room)
    {
        room.MapGet(
            "runs",
            "Runs, newest first",
            "segmentation.read",
            async (NpgsqlDataSource db, int? limit, string? after, CancellationToken ct) =>
            {
                var size = PageLimit.Of(limit);
                var cursor = Cursor(after);
                var rows = await db.Query<RunSummary>(
                    $"""
                    select {Columns} from scoring_runs
                    where @before::timestamptz is null or (scored_at, run_id) < (@before, @id)
                    order by scored_at desc, run_id desc limit @size + 1
                    """,
                    new
                    {
                        size,
                        before = cursor?.At,
                        id = cursor?.Id,
                    },
                    ct
                );
                return Page.Of(rows, size, r => $"{r.ScoredAt.UtcTicks}.{r.Id}");
            }
        );
        room.MapGet(
                "runs/{id:guid}",
                "One run: its cut-off values, what they were made of, and counts",
                "segmentation.read",
                async (Guid id, NpgsqlDataSource db, Business business, CancellationToken ct) =>
                    await Find(db, id, ct) is { } run ? Results.Ok(View(run, business)) : Answer.NotFound("run", id)
            )
            .WithName("GetRun")
            .Produces<RunView>();
    }

    static (DateTimeOffset At, Guid Id)? Cursor(string? after) =>
        after is null ? null
        : after.Split('.') is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && at <= DateTimeOffset.MaxValue.UtcTicks
        && Guid.TryParse(id, out var run)
            ? (new(at, TimeSpan.Zero), run)
        : throw new BadRequestException("after", "the 'next' of the page before");

    internal static Task<Row?> Find(NpgsqlDataSource db, Guid id, CancellationToken ct) =>
        db.QuerySingleOrDefault<Row>(
            $"""
            select {Columns}, definition, purchases, returns, through, rfm::text, abc::text, counts::text,
                measured_by::text as MeasuredByText, standing::text as StandingText
            from scoring_runs where run_id = @id
            """,
            new { id },
            ct
        );

    static RunView View(Row run, Business business)
    {
        var (rfm, abc) = run.Scales;
        var n = (decimal)rfm.Customers;
        decimal money(decimal minor) => MinorUnits.ToAmount(minor, business.Currency);
        decimal? Least(long? shared) => run.By.AbcMeasure == AbcMeasure.Orders || shared is null ? shared : money(shared.Value);
        return new(
            Id: run.Id,
            AsOf: run.AsOf,
            View: run.View,
            Definition: run.Definition,
            MeasuredBy: run.By,
            Customers: run.Customers,
            Publishes: run.Publishes,
            ScoredAt: run.ScoredAt,
            PublishedAt: run.PublishedAt,
            CustomersChanged: run.CustomersChanged,
            Purchases: run.Purchases,
            Returns: run.Returns,
            Thresholds: new(rfm.LastOrder, rfm.Orders, [.. rfm.Revenue.Select(m => money(m))], business.Currency),
            Means: new(
                decimal.Round(rfm.RecencyDays / n, 4),
                decimal.Round(rfm.TotalOrders / n, 4),
                decimal.Round(money(rfm.TotalRevenue) / n, 4)
            ),
            Abc: new(Least(abc.A), Least(abc.B)),
            Counts: JsonSerializer.Deserialize<Counts>(run.Counts, EventStoreOptions.Json)!,
            Standing: run.StandingText is { } json ? JsonSerializer.Deserialize<Dictionary<string, int>>(json) : null
        );
    }

    internal sealed record Row(
        Guid Id,
        DateOnly AsOf,
        string View,
        string MeasuredBy,
        int Customers,
        bool Publishes,
        DateTimeOffset ScoredAt,
        DateTimeOffset? PublishedAt,
        int? CustomersChanged,
        string Definition,
        long Purchases,
        long Returns,
        long Through,
        string Rfm,
        string Abc,
        string Counts,
        string? MeasuredByText,
        string? StandingText
    )
    {
        public RunDefinition By =>
            MeasuredByText is null
                ? RunDefinition.Default
                : JsonSerializer.Deserialize<RunDefinition>(MeasuredByText, EventStoreOptions.Json)!;

        public (RfmScale Rfm, AbcScale Abc) Scales =>
            (
                JsonSerializer.Deserialize<RfmScale>(Rfm, EventStoreOptions.Json)!,
                JsonSerializer.Deserialize<AbcScale>(Abc, EventStoreOptions.Json)!
            );
    }
}
