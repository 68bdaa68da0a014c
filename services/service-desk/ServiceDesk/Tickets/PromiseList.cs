using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>
/// View with one row per promise: the first response and each solution of a ticket, and each answer that the customer was to get. A
/// solution that did not hold is undone by the reopening, and the next one is another row.
/// </summary>
public sealed class PromiseList : IProjection
{
    public string Name => "promise-list";

    /// <summary>Whether a promise was broken by <c>@AsOf</c>, as it was known then: not excused.</summary>
    public const string Broken = "coalesce(breached_at <= @AsOf and coalesce(excused_at > @AsOf, true), false)";

    // due_at is null while the clock does not run; steps: when who is told. look_at: what BreachClock looks for.
    public string Ddl =>
        """
            create table if not exists promises (
                ticket_id uuid not null, clock text not null, number int not null, opened_at timestamptz not null,
                started_at timestamptz not null, due_at timestamptz, met_at timestamptz, minutes int, breached_at timestamptz,
                undone_at timestamptz, transferred_at timestamptz, steps timestamptz[] not null default '{}',
                look_at timestamptz generated always as (
                    case when due_at is not null then least(case when breached_at is null then due_at end, steps[1]) end) stored,
                primary key (ticket_id, clock, number));
            alter table promises add column if not exists excused_at timestamptz;
            create index if not exists promises_look on promises (look_at) where look_at is not null;
            create index if not exists promises_opened on promises (opened_at);
            """;

    public void Register(EventHandlers on) =>
        on.On<TicketOpened>(
                (t, e, sql) =>
                    sql.Add(
                        $"""
                        insert into promises (ticket_id, clock, number, opened_at, started_at, due_at)
                        select $1, clock, 1, $2, $2, due_at from (values ('{Promises.FirstResponse}', $3::timestamptz),
                            ('{Promises.Resolution}', $4), ('{Promises.Acknowledgement}', $5)) as p (clock, due_at)
                        where due_at is not null
                        """,
                        e.StreamId,
                        t.OccurredAt,
                        t.FirstResponseDueAt,
                        t.ResolutionDueAt,
                        t.AcknowledgementDueAt
                    )
            )
            .On<ComplaintAcknowledged>((t, e, sql) => Meet(sql, e, Promises.Acknowledgement, t.OccurredAt, t.Used))
            .On<NextUpdatePromised>(
                (t, e, sql) =>
                    sql.Add(
                        $"""
                        insert into promises (ticket_id, clock, number, opened_at, started_at, due_at)
                        select ticket_id, '{Promises.NextUpdate}', $2, opened_at, $3, $4 from promises
                        where ticket_id = $1 and clock = '{Promises.FirstResponse}'
                        """,
                        e.StreamId,
                        t.Number,
                        t.OccurredAt,
                        t.DueAt
                    )
            )
            .On<TicketAssigned>(
                (t, e, sql) =>
                {
                    if (t.Transferred)
                        sql.Add(
                            $"""
                            update promises set transferred_at = coalesce(transferred_at, $2)
                            where ticket_id = $1 and clock = '{Promises.Resolution}'
                            """,
                            e.StreamId,
                            t.OccurredAt
                        );
                }
            )
            .On<TicketReplied>(
                (t, e, sql) =>
                {
                    if (t.FirstResponse)
                        Meet(sql, e, Promises.FirstResponse, t.OccurredAt, t.Used);
                    if (t.NextUpdateUsed is { } used)
                        Meet(sql, e, Promises.NextUpdate, t.OccurredAt, used);
                    if (t.AcknowledgementUsed is { } acknowledged)
                        Meet(sql, e, Promises.Acknowledgement, t.OccurredAt, acknowledged);
                }
            )
            .On<TicketWaiting>((_, e, sql) => Run(sql, e, null, null))
            .On<TicketResumed>((t, e, sql) => Run(sql, e, t.ResolutionDueAt, t.NextUpdateDueAt))
            .On<TicketResolved>(
                (t, e, sql) =>
                {
                    if (t.MeetsFirstResponse)
                        Meet(sql, e, Promises.FirstResponse, t.OccurredAt, null);
                    Meet(sql, e, Promises.Resolution, t.OccurredAt, t.Used);
                    Run(sql, e, null, null);
                }
            )
            .On<TicketReopened>(
                (t, e, sql) =>
                {
                    sql.Add(
                        $"""
                        with undone as (
                            update promises set undone_at = $2
                            where ticket_id = $1 and clock = '{Promises.Resolution}' and undone_at is null
                            returning clock, number, opened_at, case when excused_at is null then breached_at end as breached_at)
                        insert into promises (ticket_id, clock, number, opened_at, started_at, breached_at)
                        select $1, clock, number + 1, opened_at, $2, breached_at from undone
                        """,
                        e.StreamId,
                        t.OccurredAt
                    );
                    Run(sql, e, t.ResolutionDueAt, t.NextUpdateDueAt);
                }
            )
            .On<EscalationPlanned>(
                (t, e, sql) =>
                    sql.Add(
                        """
                        update promises p set steps = planned.steps
                        from (
                            select clock, array_agg(at order by at) as steps from unnest($2::text[], $3::timestamptz[]) s (clock, at)
                            group by clock) planned
                        where p.ticket_id = $1 and p.clock = planned.clock and p.met_at is null and p.undone_at is null
                        """,
                        e.StreamId,
                        t.Steps.Select(s => s.Clock).ToArray(),
                        t.Steps.Select(s => s.At).ToArray()
                    )
            )
            .On<Escalated>(
                (t, e, sql) =>
                    sql.Add(
                        """
                        update promises set steps = array_remove(steps, $3)
                        where ticket_id = $1 and clock = $2 and met_at is null and undone_at is null
                        """,
                        e.StreamId,
                        t.Clock,
                        t.OccurredAt
                    )
            )
            .On<IPolicyChanged>(
                (t, e, sql) =>
                {
                    foreach (var due in t.Dues)
                        sql.Add(
                            "update promises set due_at = $3 where ticket_id = $1 and clock = $2 and met_at is null and undone_at is null",
                            e.StreamId,
                            due.Clock,
                            due.DueAt
                        );
                }
            )
            .On<SlaBreached>(
                (t, e, sql) =>
                    sql.Add(
                        "update promises set breached_at = $3 where ticket_id = $1 and clock = $2 and met_at is null and undone_at is null",
                        e.StreamId,
                        t.Clock,
                        t.OccurredAt
                    )
            )
            .On<BreachExcused>(
                (t, e, sql) =>
                    sql.Add(
                        "update promises set excused_at = $4 where ticket_id = $1 and clock = $2 and number = $3",
                        e.StreamId,
                        t.Clock,
                        t.Number,
                        t.OccurredAt
                    )
            );

    static void Meet(SqlBatch sql, RecordedEvent e, string clock, DateTimeOffset at, TimeSpan? used) =>
        sql.Add(
            """
            update promises set met_at = $3, minutes = $4::int, due_at = null
            where ticket_id = $1 and clock = $2 and met_at is null and undone_at is null
            """,
            e.StreamId,
            clock,
            at,
            (int?)used?.TotalMinutes
        );

    /// <summary>The clocks that pause stand still, or continue.</summary>
    static void Run(SqlBatch sql, RecordedEvent e, DateTimeOffset? resolutionDueAt, DateTimeOffset? nextUpdateDueAt) =>
        sql.Add(
            $"""
            update promises set due_at = case clock when '{Promises.Resolution}' then $2::timestamptz else $3::timestamptz end
            where ticket_id = $1 and clock in ('{Promises.Resolution}', '{Promises.NextUpdate}') and met_at is null and undone_at is null
            """,
            e.StreamId,
            resolutionDueAt,
            nextUpdateDueAt
        );
}
