using System.Text.Json;

namespace CrmPlatform.Loyalty.Activities;

/// <summary>What became of a member at an activity.</summary>
public enum MemberState { Joined, Waiting, Withdrew, Released, Attended }

/// <summary>Activities and their members, written with the facts. A member's place in the waiting list is the version of the fact that put them there.</summary>
public sealed class Participants : IProjection
{
    public string Name => "activity";

    public string Ddl => """
        create table if not exists activity (
            activity_id uuid primary key, titles jsonb not null, place text not null, starts_at timestamptz not null, ends_at timestamptz not null, capacity int not null,
            sign_up_from timestamptz not null, sign_up_until timestamptz not null, minimum_tier text, attendance_points bigint not null, cancelled text, version bigint not null);
        create index if not exists activity_by_start on activity (starts_at, activity_id);
        create table if not exists activity_member (
            activity_id uuid not null, customer_id uuid not null, state text not null, came bigint not null, since timestamptz not null, primary key (activity_id, customer_id));
        create index if not exists activity_member_of on activity_member (customer_id);
        create table if not exists activity_forgotten (customer_id uuid primary key)
        """;

    public IReadOnlySet<Type> Handles { get; } = new HashSet<Type>
    {
        typeof(ActivityPlanned), typeof(ActivityRevised), typeof(ActivityCancelled), typeof(MemberJoined), typeof(MemberQueued), typeof(MemberMovedUp), typeof(MemberWithdrew), typeof(MemberAttended), typeof(MemberRemoved),
        typeof(HolderForgotten),
    };

    public void Project(RecordedEvent e, SqlBatch batch)
    {
        var (id, version) = (e.StreamId, e.Version);
        switch (e.Data)
        {
            case ActivityPlanned { Terms: var t }: Terms(t); break;
            case ActivityRevised { Terms: var t }: Terms(t); break;
            case ActivityCancelled c:
                batch.Add("update activity set cancelled = $2 where activity_id = $1", id, c.Reason);
                batch.Add("update activity_member set state = 'Released', since = $2 where activity_id = $1 and state = 'Waiting'", id, c.OccurredAt);
                break;
            case MemberJoined m: Member(m.CustomerId, MemberState.Joined, m.OccurredAt, came: true); break;
            case MemberQueued m: Member(m.CustomerId, MemberState.Waiting, m.OccurredAt, came: true); break;
            case MemberMovedUp m: Member(m.CustomerId, MemberState.Joined, m.OccurredAt); break;
            case MemberWithdrew m: Member(m.CustomerId, MemberState.Withdrew, m.OccurredAt); break;
            case MemberAttended m: Member(m.CustomerId, MemberState.Attended, m.OccurredAt); break;
            case HolderForgotten: batch.Add("insert into activity_forgotten values ($1) on conflict do nothing", id); return;
            case MemberRemoved m: batch.Add("delete from activity_member where activity_id = $1 and customer_id = $2", id, m.CustomerId); break;
        }
        batch.Add("update activity set version = $2 where activity_id = $1", id, version);

        void Terms(ActivityTerms t) => batch.Add("""
            insert into activity values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, $11)
            on conflict (activity_id) do update set titles = excluded.titles, place = excluded.place, starts_at = excluded.starts_at, ends_at = excluded.ends_at, capacity = excluded.capacity,
                sign_up_from = excluded.sign_up_from, sign_up_until = excluded.sign_up_until, minimum_tier = excluded.minimum_tier, attendance_points = excluded.attendance_points
            """, id, new NpgsqlParameter { Value = JsonSerializer.Serialize(t.Titles, EventStoreOptions.Json), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Jsonb }, t.Place, t.StartsAt, t.EndsAt, t.Capacity,
            t.SignUpFrom, t.SignUpUntil, new NpgsqlParameter { Value = (object?)t.MinimumTier ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }, t.AttendancePoints, version);

        void Member(Guid customer, MemberState state, DateTimeOffset at, bool came = false) => batch.Add("""
            insert into activity_member values ($1, $2, $3, $4, $5)
            on conflict (activity_id, customer_id) do update set state = excluded.state, since = excluded.since, came = case when $6 then excluded.came else activity_member.came end
            """, id, customer, state, version, at, came);
    }

    /// <summary>The activities whose facts name a customer.</summary>
    public static async Task<IReadOnlyList<Guid>> ActivitiesOf(Guid customerId, NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Guid>(new CommandDefinition("select activity_id from activity_member where customer_id = @customerId order by since, activity_id", new { customerId }, cancellationToken: ct))).AsList();
    }
}
