using System.Text.Json;

namespace CrmPlatform.Segmentation.BackTests;

/// <summary>Every back-test with what was computed.</summary>
public sealed class BackTestList : IProjection
{
    public string Name => "back-tests";

    public string Ddl =>
        """
            create table if not exists back_tests (
                back_test_id uuid primary key, cut date not null, days int not null, measured_by text not null, customers int not null,
                verdict text not null, computed_at timestamptz not null, computed jsonb not null);
            create index if not exists back_tests_newest on back_tests (computed_at, back_test_id);
            """;

    public void Register(EventHandlers on) =>
        on.On<BackTestComputed>(
            (b, e, sql) =>
                sql.Add(
                    """
                    insert into back_tests (back_test_id, cut, days, measured_by, customers, verdict, computed_at, computed)
                    values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
                    """,
                    e.StreamId,
                    b.Cut,
                    b.Days,
                    b.MeasuredBy.Code,
                    b.Measured.Rfm.Customers,
                    b.Measured.Verdict,
                    b.OccurredAt,
                    JsonSerializer.Serialize(b, EventStoreOptions.Json)
                )
        );

    public static async Task<BackTestComputed?> Find(NpgsqlDataSource db, Guid id, CancellationToken ct) =>
        await db.QuerySingleOrDefault<string>("select computed::text from back_tests where back_test_id = @id", new { id }, ct) is { } json
            ? JsonSerializer.Deserialize<BackTestComputed>(json, EventStoreOptions.Json)
            : null;
}
