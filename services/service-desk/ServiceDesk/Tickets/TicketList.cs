namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>View with one row per ticket: codes, times and promises, no text.</summary>
public sealed class TicketList : IProjection
{
    public string Name => "tickets";

    // A due column is null while its clock is paused; breach_at is the earliest due instant, for which BreachClock looks.
    public string Ddl =>
        """
            create table if not exists tickets (
                ticket_id uuid primary key, customer_id uuid not null, kind text not null, category text not null, severity text,
                priority text not null,
                channel text not null, status text not null, agent text, tier text, opened_at timestamptz not null,
                first_due timestamptz, first_met_at timestamptz, first_breached bool not null default false, resolution_due timestamptz,
                    resolution_breached bool not null default false,
                breach_at timestamptz generated always as (least(
                    case when not first_breached then first_due end,
                    case when not resolution_breached then resolution_due end)) stored,
                outcome text, cause text, business_minutes int, resolved_at timestamptz, closed_at timestamptz, satisfaction smallint);
            create index if not exists tickets_breach on tickets (breach_at) where breach_at is not null;
            create index if not exists tickets_customer on tickets (customer_id, opened_at);
            create index if not exists tickets_status on tickets (status);
            """;

    public void Register(EventHandlers on) =>
        on.On<TicketOpened>(
                (t, e, sql) =>
                    sql.Add(
                        """
                        insert into tickets (ticket_id, customer_id, kind, category, severity, priority, channel, status, tier, opened_at,
                            first_due, resolution_due)
                        values ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, $10, $11)
                        """,
                        e.StreamId,
                        t.CustomerId,
                        t.Kind,
                        t.Category,
                        t.Severity,
                        t.Priority,
                        t.Channel,
                        t.Tier,
                        t.OccurredAt,
                        t.FirstResponseDueAt,
                        t.ResolutionDueAt
                    )
            )
            .On<TicketAssigned>((t, e, sql) => sql.Add("update tickets set agent = $2 where ticket_id = $1", e.StreamId, t.Agent))
            .On<TicketReplied>(
                (t, e, sql) =>
                {
                    if (t.FirstResponse)
                        sql.Add("update tickets set first_due = null, first_met_at = $2 where ticket_id = $1", e.StreamId, t.OccurredAt);
                }
            )
            .On<TicketWaiting>(
                (_, e, sql) => sql.Add("update tickets set status = 'waiting', resolution_due = null where ticket_id = $1", e.StreamId)
            )
            .On<TicketResumed>(
                (t, e, sql) =>
                    sql.Add(
                        """
                        update tickets set status = 'open', resolution_due = $2 where ticket_id = $1
                        """,
                        e.StreamId,
                        t.ResolutionDueAt
                    )
            )
            .On<TicketResolved>(
                (t, e, sql) =>
                    sql.Add(
                        """
                        update tickets set status = 'resolved', first_due = null, first_met_at = coalesce(first_met_at, $2),
                            resolution_due = null,
                            outcome = $3, cause = $4, business_minutes = $5, resolved_at = $2
                        where ticket_id = $1
                        """,
                        e.StreamId,
                        t.OccurredAt,
                        t.Outcome,
                        t.Cause,
                        (int)t.Used.TotalMinutes
                    )
            )
            .On<TicketReopened>(
                (t, e, sql) =>
                    sql.Add(
                        """
                        update tickets set status = 'open', resolution_due = $2, resolved_at = null, closed_at = null, satisfaction = null
                        where ticket_id = $1
                        """,
                        e.StreamId,
                        t.ResolutionDueAt
                    )
            )
            .On<TicketClosed>(
                (t, e, sql) =>
                    sql.Add("update tickets set status = 'closed', closed_at = $2 where ticket_id = $1", e.StreamId, t.OccurredAt)
            )
            .On<SlaBreached>(
                (t, e, sql) =>
                    sql.Add(
                        t.Clock == Sla.SlaClock.FirstResponse
                            ? "update tickets set first_breached = true where ticket_id = $1"
                            : "update tickets set resolution_breached = true where ticket_id = $1",
                        e.StreamId
                    )
            )
            .On<SatisfactionAnswered>(
                (t, e, sql) => sql.Add("update tickets set satisfaction = $2 where ticket_id = $1", e.StreamId, (short)t.Score)
            );
}
