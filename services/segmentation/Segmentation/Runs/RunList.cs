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
            create table if not exists scoring_runs (
                run_id uuid primary key, as_of date not null, view text not null, definition text not null, customers int not null,
                publishes bool not null, rfm jsonb not null, abc jsonb not null, counts jsonb not null, purchases bigint not null,
                    returns bigint not null, through bigint not null,
                scored_at timestamptz not null, published_at timestamptz, changed int);
            alter table scoring_runs add column if not exists measured_by jsonb;
            alter table scoring_runs add column if not exists standing jsonb;
            create index if not exists scoring_runs_latest on scoring_runs (as_of, through) where publishes;
            """;

    public void Register(EventHandlers on) =>
        on.On<CustomersScored>(
                (s, e, sql) =>
                    sql.Add(
                        """
                        insert into scoring_runs
                            (run_id, as_of, view, definition, customers, publishes, rfm, abc, counts, purchases, returns, through,
                                scored_at, measured_by)
                        values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9::jsonb, $10, $11, $12, $13, $14::jsonb)
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
                        s.OccurredAt,
                        s.MeasuredBy is null ? null : Json(s.MeasuredBy)
                    )
            )
            .On<RunPublished>(
                (p, e, sql) =>
                    sql.Add(
                        """
                        update scoring_runs set published_at = $2, changed = $3, standing = $4::jsonb where run_id = $1
                        """,
                        e.StreamId,
                        p.OccurredAt,
                        p.CustomersChanged,
                        p.Standing is null ? null : Json(p.Standing)
                    )
            );

    static string Json<T>(T value) => JsonSerializer.Serialize(value, EventStoreOptions.Json);
}

/// <summary>How many customers of a run are where.</summary>
/// <param name="Segments">By the name of the segment.</param>
/// <param name="ChineseTypes">By the name of the eight types.</param>
/// <param name="Grades">By grade: A, B, C.</param>
public sealed record Counts(
    IReadOnlyDictionary<string, int> Segments,
    IReadOnlyDictionary<string, int> ChineseTypes,
    IReadOnlyDictionary<string, int> Grades
);
