using System.Text.Json;

namespace CrmPlatform.Segmentation.Needs;

/// <summary>Every run with what it measured.</summary>
public sealed class NeedsRunList : IProjection
{
    public string Name => "needs-runs";

    public string Ddl =>
        """
            create table if not exists needs_runs (run_id uuid primary key, as_of date not null, fingerprint text not null,
                through bigint not null, publishes bool not null, measured jsonb not null, measured_at timestamptz not null,
                published_at timestamptz, changed int);
            create index if not exists needs_runs_latest on needs_runs (as_of, through) where publishes;
            create index if not exists needs_runs_newest on needs_runs (measured_at, run_id);
            """;

    public void Register(EventHandlers on) =>
        on.On<NeedsMeasured>(
                (m, e, sql) =>
                    sql.Add(
                        """
                        insert into needs_runs (run_id, as_of, fingerprint, through, publishes, measured, measured_at)
                        values ($1, $2, $3, $4, $5, $6::jsonb, $7)
                        """,
                        e.StreamId,
                        m.AsOf,
                        m.Fingerprint,
                        m.Through,
                        m.Publishes,
                        JsonSerializer.Serialize(m, EventStoreOptions.Json),
                        m.OccurredAt
                    )
            )
            .On<NeedsPublished>(
                (p, e, sql) =>
                    sql.Add(
                        "update needs_runs set published_at = $2, changed = $3 where run_id = $1",
                        e.StreamId,
                        p.OccurredAt,
                        p.CustomersChanged
                    )
            );

    internal const string Columns = "run_id as Id, measured::text, published_at as PublishedAt, changed";

    internal static Task<NeedsRunRow?> Find(NpgsqlDataSource db, Guid id, CancellationToken ct) =>
        db.QuerySingleOrDefault<NeedsRunRow>($"select {Columns} from needs_runs where run_id = @id", new { id }, ct);

    /// <summary>The latest run by which customers are judged, told to all of them or not; null before the first.</summary>
    internal static Task<NeedsRunRow?> Latest(NpgsqlDataSource db, CancellationToken ct) =>
        db.QuerySingleOrDefault<NeedsRunRow>(
            $"select {Columns} from needs_runs where publishes order by as_of desc, through desc limit 1",
            null,
            ct
        );
}

sealed record NeedsRunRow(Guid Id, string Measured, DateTimeOffset? PublishedAt, int? Changed)
{
    public NeedsMeasured Fact { get; } = JsonSerializer.Deserialize<NeedsMeasured>(Measured, EventStoreOptions.Json)!;

    public NeedWindow Window(Business business) => NeedWindow.Of(Fact.AsOf, business, Fact.Through);
}
