using System.Text.Json;

namespace CrmPlatform.Segmentation.Grading;

/// <summary>Every grading run with what gives its scores again.</summary>
public sealed class GradingRunList : IProjection
{
    public string Name => "grading-runs";

    public string Ddl =>
        """
            create table if not exists grading_runs (run_id uuid primary key, scheme text not null, version int not null,
                as_of date not null, through bigint not null, publishes bool not null, graded jsonb not null,
                scored_at timestamptz not null, published_at timestamptz, changed int);
            create index if not exists grading_runs_latest on grading_runs (scheme, as_of, version, through) where publishes;
            """;

    public void Register(EventHandlers on) =>
        on.On<CustomersGraded>(
                (g, e, sql) =>
                    sql.Add(
                        """
                        insert into grading_runs (run_id, scheme, version, as_of, through, publishes, graded, scored_at)
                        values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8)
                        """,
                        e.StreamId,
                        g.Scheme.Code,
                        g.Scheme.Version,
                        g.AsOf,
                        g.Through,
                        g.Publishes,
                        JsonSerializer.Serialize(g, EventStoreOptions.Json),
                        g.OccurredAt
                    )
            )
            .On<GradesPublished>(
                (p, e, sql) =>
                    sql.Add(
                        "update grading_runs set published_at = $2, changed = $3 where run_id = $1",
                        e.StreamId,
                        p.OccurredAt,
                        p.CustomersChanged
                    )
            );

    const string Columns = "run_id as Id, graded::text, published_at as PublishedAt, changed";

    internal static Task<GradingRunRow?> Find(NpgsqlDataSource db, Guid id, CancellationToken ct) =>
        db.QuerySingleOrDefault<GradingRunRow>($"select {Columns} from grading_runs where run_id = @id", new { id }, ct);

    /// <summary>The latest published run of a scheme up to a day.</summary>
    internal static Task<GradingRunRow?> Latest(NpgsqlDataSource db, string scheme, DateOnly asOf, CancellationToken ct) =>
        db.QuerySingleOrDefault<GradingRunRow>(
            $"""
            select {Columns} from grading_runs where scheme = @scheme and publishes and as_of <= @asOf
            order by as_of desc, version desc, through desc limit 1
            """,
            new { scheme, asOf },
            ct
        );
}

sealed record GradingRunRow(Guid Id, string Graded, DateTimeOffset? PublishedAt, int? Changed)
{
    public CustomersGraded Fact { get; } = JsonSerializer.Deserialize<CustomersGraded>(Graded, EventStoreOptions.Json)!;

    public GradeScheme Scheme => Fact.Scheme;
    public DateOnly AsOf => Fact.AsOf;
    public long Through => Fact.Through;
    public Guid? ScoringRun => Fact.ScoringRun;
    public RunOrder Order => new(AsOf, Scheme.Version, Through);
    public GradeScorer Scorer => new(Scheme, Fact.Scales);
}
