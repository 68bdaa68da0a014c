using System.Globalization;
using System.Text.Json;
using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Runs;

/// <summary>Every scoring run with its cut-off values and counts, and the scores that it gave.</summary>
public sealed class RunList : IProjection
{
    public string Name => "scoring-runs";

    public string Ddl =>
        """
            create table if not exists scoring_runs (run_id uuid primary key, as_of date not null, view text not null, definition text not null, customers int not null,
                publishes bool not null, rfm jsonb not null, abc jsonb not null, counts jsonb not null, purchases bigint not null, returns bigint not null, through bigint not null,
                scored_at timestamptz not null, published_at timestamptz, changed int);
            create index if not exists scoring_runs_latest on scoring_runs (as_of, through) where publishes;
            """;

    public void Register(EventHandlers on) =>
        on.On<CustomersScored>(
                (s, e, sql) =>
                    sql.Add(
                        """
                        insert into scoring_runs
                            (run_id, as_of, view, definition, customers, publishes, rfm, abc, counts, purchases, returns, through, scored_at)
                        values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9::jsonb, $10, $11, $12, $13)
                        """,
                        e.StreamId,
                        s.AsOf,
                        s.View,
                        s.Definition,
                        s.Rfm.Customers,
                        s.Publishes,
                        Json(s.Rfm),
                        Json(s.Abc),
                        Json(new Counts(s.Segments, s.ChineseTypes, s.Grades)),
                        s.Purchases,
                        s.Returns,
                        s.Through,
                        s.OccurredAt
                    )
            )
            .On<RunPublished>(
                (p, e, sql) =>
                    sql.Add(
                        """
                        update scoring_runs set published_at = $2, changed = $3 where run_id = $1
                        """,
                        e.StreamId,
                        p.OccurredAt,
                        p.CustomersChanged
                    )
            );

    static string Json<T>(T value) => JsonSerializer.Serialize(value, EventStoreOptions.Json);
}

public sealed record Counts(
    IReadOnlyDictionary<string, int> Segments,
    IReadOnlyDictionary<string, int> ChineseTypes,
    IReadOnlyDictionary<string, int> Grades
);

public sealed record RunSummary(
    Guid Id,
    DateOnly AsOf,
    string View,
    int Customers,
    bool Publishes,
    DateTimeOffset ScoredAt,
    DateTimeOffset? PublishedAt,
    int? CustomersChanged
);

/// <param name="Recency">Score k + 1 needs a last order later than the k-th of these days.</param>
/// <param name="Frequency">… more net orders than the k-th of these.</param>
/// <param name="Monetary">… more net revenue than the k-th of these amounts.</param>
public sealed record Thresholds(
    IReadOnlyList<DateOnly> Recency,
    IReadOnlyList<long> Frequency,
    IReadOnlyList<decimal> Monetary,
    string Currency
);

public sealed record Means(decimal RecencyDays, decimal Orders, decimal Revenue);

public sealed record AbcThresholds(decimal? A, decimal? B);

public sealed record RunView(
    Guid Id,
    DateOnly AsOf,
    string View,
    string Definition,
    int Customers,
    bool Publishes,
    DateTimeOffset ScoredAt,
    DateTimeOffset? PublishedAt,
    int? CustomersChanged,
    long Purchases,
    long Returns,
    Thresholds Thresholds,
    Means Means,
    AbcThresholds Abc,
    Counts Counts
);

public sealed record RunScore(
    Guid CustomerId,
    int Recency,
    int Frequency,
    int Monetary,
    string Segment,
    string ChineseType,
    string Grade,
    DateOnly LastOrder,
    long Orders,
    decimal Revenue
);

public static class GetRuns
{
    const string Columns =
        "run_id as Id, as_of as AsOf, view, customers, publishes, scored_at as ScoredAt, published_at as PublishedAt, changed as CustomersChanged";

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
                    $"select {Columns} from scoring_runs where @before::timestamptz is null or (scored_at, run_id) < (@before, @id) order by scored_at desc, run_id desc limit @size + 1",
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
        room.MapGet(
                "runs/{id:guid}/scores",
                "The scores of a run, computed again from its cut-off values and the purchases that it counted",
                "segmentation.read",
                async (Guid id, NpgsqlDataSource db, Business business, Guid? customer, int? limit, Guid? after, CancellationToken ct) =>
                {
                    var size = PageLimit.Of(limit);
                    if (await Find(db, id, ct) is not { } run)
                        return Answer.NotFound("run", id);
                    var (rfm, abc) = run.Scales;
                    var until = business.StartOf(run.AsOf.AddDays(1));
                    await using var connection = await db.OpenConnectionAsync(ct);
                    var members = await Population.Read(
                        connection,
                        until,
                        run.View == Scoring.Corrected ? DateTimeOffset.MaxValue : until,
                        run.Through,
                        ct,
                        customer,
                        after,
                        size + 1
                    );
                    return Results.Ok(
                        Page.Of(members, size, m => Score(m, m.Metrics(business), rfm, abc, business), m => m.CustomerId.ToString())
                    );
                }
            )
            .WithName("GetScores")
            .Produces<Page<RunScore>>();
    }

    static RunScore Score(Member m, Metrics metrics, RfmScale rfm, AbcScale abc, Business business)
    {
        var s = rfm.Score(metrics);
        return new(
            m.CustomerId,
            s.Recency,
            s.Frequency,
            s.Monetary,
            SegmentGrid.Of(s),
            rfm.ChineseType(metrics),
            abc.Grade(m.Revenue),
            metrics.LastOrder,
            m.Orders,
            MinorUnits.ToAmount(m.Revenue, business.Currency)
        );
    }

    static (DateTimeOffset At, Guid Id)? Cursor(string? after) =>
        after is null ? null
        : after.Split('.') is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && at <= DateTimeOffset.MaxValue.UtcTicks
        && Guid.TryParse(id, out var run)
            ? (new(at, TimeSpan.Zero), run)
        : throw new BadRequestException("after", "the 'next' of the page before");

    static async Task<Row?> Find(NpgsqlDataSource db, Guid id, CancellationToken ct)
    {
        return await db.QuerySingleOrDefault<Row>(
            $"select {Columns}, definition, purchases, returns, through, rfm::text, abc::text, counts::text from scoring_runs where run_id = @id",
            new { id },
            ct
        );
    }

    static RunView View(Row run, Business business)
    {
        var (rfm, abc) = run.Scales;
        var n = (decimal)rfm.Customers;
        decimal money(decimal minor) => MinorUnits.ToAmount(minor, business.Currency);
        return new(
            run.Id,
            run.AsOf,
            run.View,
            run.Definition,
            run.Customers,
            run.Publishes,
            run.ScoredAt,
            run.PublishedAt,
            run.CustomersChanged,
            run.Purchases,
            run.Returns,
            new(rfm.LastOrder, rfm.Orders, [.. rfm.Revenue.Select(m => money(m))], business.Currency),
            new(
                decimal.Round(rfm.RecencyDays / n, 4),
                decimal.Round(rfm.TotalOrders / n, 4),
                decimal.Round(money(rfm.TotalRevenue) / n, 4)
            ),
            new(abc.A is { } a ? money(a) : null, abc.B is { } b ? money(b) : null),
            JsonSerializer.Deserialize<Counts>(run.Counts, EventStoreOptions.Json)!
        );
    }

    sealed record Row(
        Guid Id,
        DateOnly AsOf,
        string View,
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
        string Counts
    )
    {
        public (RfmScale Rfm, AbcScale Abc) Scales =>
            (
                JsonSerializer.Deserialize<RfmScale>(Rfm, EventStoreOptions.Json)!,
                JsonSerializer.Deserialize<AbcScale>(Abc, EventStoreOptions.Json)!
            );
    }
}
