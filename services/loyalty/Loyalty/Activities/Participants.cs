using System.Text.Json;
using CrmPlatform.Loyalty.Accounts;
using NpgsqlTypes;

namespace CrmPlatform.Loyalty.Activities;

/// <summary>What became of a member at an activity.</summary>
public enum MemberState
{
    Joined,
    Waiting,
    Withdrew,
    Released,
    Attended,
}

/// <summary>
/// Activities and their members, written with the facts. A member's place in the waiting list is the version of the fact that put them
/// there.
/// </summary>
public sealed class Participants : IProjection
{
    public string Name => "activity";

    public string Ddl =>
        """
            create table if not exists activity (
                activity_id uuid primary key, titles jsonb not null, place text not null, starts_at timestamptz not null,
                ends_at timestamptz not null, capacity int not null,
                sign_up_from timestamptz not null, sign_up_until timestamptz not null, minimum_tier text,
                attendance_points bigint not null, cancelled text, version bigint not null);
            create index if not exists activity_by_start on activity (starts_at, activity_id);
            create table if not exists activity_member (
                activity_id uuid not null, customer_id uuid not null, state text not null, came bigint not null, since timestamptz not null,
                primary key (activity_id, customer_id));
            create index if not exists activity_member_of on activity_member (customer_id);
            create table if not exists activity_forgotten (customer_id uuid primary key)
            """;

    public void Register(EventHandlers on)
    {
        on.On<HolderForgotten>(
            (_, e, sql) => sql.Add("insert into activity_forgotten (customer_id) values ($1) on conflict do nothing", e.StreamId)
        );
        Change<ActivityPlanned>((a, e, sql) => Terms(a.Terms, e, sql));
        Change<ActivityRevised>((a, e, sql) => Terms(a.Terms, e, sql));
        Change<ActivityCancelled>(
            (c, e, sql) =>
            {
                sql.Add("update activity set cancelled = $2 where activity_id = $1", e.StreamId, c.Reason);
                sql.Add(
                    """
                    update activity_member set state = 'Released', since = $2 where activity_id = $1 and state = 'Waiting'
                    """,
                    e.StreamId,
                    c.OccurredAt
                );
            }
        );
        Change<MemberJoined>((m, e, sql) => Member(m.CustomerId, MemberState.Joined, m.OccurredAt, e, sql, came: true));
        Change<MemberQueued>((m, e, sql) => Member(m.CustomerId, MemberState.Waiting, m.OccurredAt, e, sql, came: true));
        Change<MemberMovedUp>((m, e, sql) => Member(m.CustomerId, MemberState.Joined, m.OccurredAt, e, sql));
        Change<MemberWithdrew>((m, e, sql) => Member(m.CustomerId, MemberState.Withdrew, m.OccurredAt, e, sql));
        Change<MemberAttended>((m, e, sql) => Member(m.CustomerId, MemberState.Attended, m.OccurredAt, e, sql));
        Change<MemberRemoved>(
            (m, e, sql) => sql.Add("delete from activity_member where activity_id = $1 and customer_id = $2", e.StreamId, m.CustomerId)
        );

        void Change<T>(Action<T, RecordedEvent, SqlBatch> add)
            where T : class =>
            on.On<T>(
                (change, e, sql) =>
                {
                    add(change, e, sql);
                    sql.Add("update activity set version = $2 where activity_id = $1", e.StreamId, e.Version);
                }
            );
    }

    static void Terms(ActivityTerms t, RecordedEvent e, SqlBatch sql) =>
        sql.Add(
            """
            insert into activity (activity_id, titles, place, starts_at, ends_at, capacity, sign_up_from, sign_up_until, minimum_tier,
                attendance_points, version)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            on conflict (activity_id) do update set titles = excluded.titles, place = excluded.place, starts_at = excluded.starts_at,
                ends_at = excluded.ends_at, capacity = excluded.capacity, sign_up_from = excluded.sign_up_from,
                sign_up_until = excluded.sign_up_until, minimum_tier = excluded.minimum_tier, attendance_points = excluded.attendance_points
            """,
            e.StreamId,
            Typed(NpgsqlDbType.Jsonb, JsonSerializer.Serialize(t.Titles, EventStoreOptions.Json)),
            t.Place,
            t.StartsAt,
            t.EndsAt,
            t.Capacity,
            t.SignUpFrom,
            t.SignUpUntil,
            Typed(NpgsqlDbType.Text, t.MinimumTier),
            t.AttendancePoints,
            e.Version
        );

    static NpgsqlParameter Typed(NpgsqlDbType type, string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = type };

    static void Member(Guid customer, MemberState state, DateTimeOffset at, RecordedEvent e, SqlBatch sql, bool came = false) =>
        sql.Add(
            """
            insert into activity_member (activity_id, customer_id, state, came, since) values ($1, $2, $3, $4, $5)
            on conflict (activity_id, customer_id) do update set state = excluded.state, since = excluded.since,
                came = case when $6 then excluded.came else activity_member.came end
            """,
            e.StreamId,
            customer,
            state,
            e.Version,
            at,
            came
        );

    /// <summary>The activities whose facts name a customer.</summary>
    public static async Task<IReadOnlyList<Guid>> ActivitiesOf(Guid customerId, NpgsqlDataSource db, CancellationToken ct)
    {
        return await db.Query<Guid>(
            "select activity_id from activity_member where customer_id = @customerId order by since, activity_id",
            new { customerId },
            ct
        );
    }
}
