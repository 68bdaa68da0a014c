using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Grading;

/// <summary>The grade of each customer in each scheme: the computed one, what people said instead, and which of them stands.</summary>
public sealed class StandingGrades : IProjection
{
    /// <summary>Of <c>standing_grades g</c>: the customer is judged under their own id.</summary>
    internal const string Shown =
        "not exists (select from customer_groups c where c.customer_id = g.customer_id and c.survivor_id <> g.customer_id)";

    public string Name => "standing-grades";

    public string Ddl =>
        """
            create table if not exists standing_grades (customer_id uuid not null, scheme text not null,
                standing text, since timestamptz, cause text, source_event uuid,
                computed text, score numeric, run_id uuid, as_of date, computed_at timestamptz,
                overridden text, reason text, said_by text, until timestamptz, said_at timestamptz, primary key (customer_id, scheme));
            create index if not exists standing_grades_scheme on standing_grades (scheme, standing, customer_id);
            create index if not exists standing_grades_until on standing_grades (until) where until is not null;
            """;

    public void Register(EventHandlers on) =>
        on.On<GradeComputed>(
                (g, _, sql) =>
                    sql.Add(
                        """
                        insert into standing_grades (customer_id, scheme, computed, score, run_id, as_of, computed_at)
                        values ($1, $2, $3, $4, $5, $6, $7) on conflict (customer_id, scheme) do update set
                            (computed, score, run_id, as_of, computed_at) =
                            (excluded.computed, excluded.score, excluded.run_id, excluded.as_of, excluded.computed_at)
                        """,
                        g.CustomerId,
                        g.Scheme,
                        g.Grade,
                        g.Score,
                        g.RunId,
                        g.AsOf,
                        g.OccurredAt
                    )
            )
            .On<GradeOverridden>(
                (g, _, sql) =>
                    sql.Add(
                        """
                        insert into standing_grades (customer_id, scheme, overridden, reason, said_by, until, said_at)
                        values ($1, $2, $3, $4, $5, $6, $7) on conflict (customer_id, scheme) do update set
                            (overridden, reason, said_by, until, said_at) =
                            (excluded.overridden, excluded.reason, excluded.said_by, excluded.until, excluded.said_at)
                        """,
                        g.CustomerId,
                        g.Scheme,
                        g.Grade,
                        g.Reason,
                        g.By,
                        g.Until,
                        g.OccurredAt
                    )
            )
            .On<OverrideEnded>((g, _, sql) => Set(sql, g, "overridden = null, reason = null, said_by = null, until = null, said_at = null"))
            .On<GradeVoided>(
                (g, _, sql) =>
                    Set(
                        sql,
                        g,
                        """
                        computed = null, score = null, run_id = null, as_of = null, computed_at = null,
                            standing = null, since = null, cause = null, source_event = null
                        """
                    )
            )
            .On<GradeChanged>(
                (g, e, sql) => Set(sql, g, "standing = $3, since = $4, cause = $5, source_event = $6", g.To, g.OccurredAt, g.Cause, e.Id)
            )
            .On<PersonalDataErased>((_, e, sql) => sql.Add("delete from standing_grades where customer_id = $1", e.StreamId));

    static void Set(SqlBatch sql, IGradeEvent g, string what, params object[] values) =>
        sql.Add($"update standing_grades set {what} where customer_id = $1 and scheme = $2", [g.CustomerId, g.Scheme, .. values]);

    /// <summary>What is said of everybody in a scheme.</summary>
    internal static async Task<Dictionary<Guid, StandingRow>> Of(NpgsqlDataSource db, string scheme, CancellationToken ct) =>
        (
            await db.Query<StandingRow>(
                "select customer_id, computed, standing, overridden from standing_grades where scheme = @scheme",
                new { scheme },
                ct
            )
        ).ToDictionary(r => r.CustomerId);
}

sealed record StandingRow(Guid CustomerId, string? Computed, string? Standing, string? Overridden);
