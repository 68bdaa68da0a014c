namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>View with one row per ticket: codes, times and promises, no text.</summary>
public sealed class TicketList : IProjection
{
    const string Resumed = "status = 'open', resolution_due = $3, update_due = $4::timestamptz";
    static readonly TimeSpan late = TimeSpan.FromMinutes(5);

    public string Name => "ticket-list";

    // first_due, acknowledgement_due, resolution_due and update_due are null while their clocks do not run.
    public string Ddl =>
        """
            create table if not exists ticket_list (
                ticket_id uuid primary key, customer_id uuid not null, kind text not null, category text not null, severity text,
                priority text not null, channel text not null, source text, status text not null, agent text, tier text,
                opened_at timestamptz not null, first_due_at timestamptz not null, first_due timestamptz, first_met_at timestamptz,
                first_minutes int, first_breached bool not null default false, resolution_due timestamptz, solved_due_at timestamptz,
                resolution_breached bool not null default false,
                outcome text, cause text, business_minutes int, resolved_at timestamptz, closed_at timestamptz, satisfaction smallint,
                reopened int not null default 0, backdated_at timestamptz);
            alter table ticket_list add column if not exists update_due timestamptz,
                add column if not exists update_breached bool not null default false,
                add column if not exists acknowledgement_due timestamptz,
                add column if not exists acknowledgement_breached bool not null default false,
                add column if not exists rules int not null default 0,
                add column if not exists about_agent text;
            create index if not exists ticket_list_about on ticket_list (about_agent) where about_agent is not null;
            create index if not exists ticket_list_backdated on ticket_list (backdated_at) where backdated_at is not null;
            create index if not exists ticket_list_customer on ticket_list (customer_id, opened_at);
            create index if not exists ticket_list_opened on ticket_list (opened_at);
            create index if not exists ticket_list_status on ticket_list (status);
            create index if not exists ticket_list_resolved on ticket_list (resolved_at) where resolved_at is not null;
            """;

    public void Register(EventHandlers on) =>
        on.On<TicketOpened>(
                (t, e, sql) =>
                    sql.Add(
                        """
                        insert into ticket_list (ticket_id, customer_id, kind, category, severity, priority, channel, source, status, tier,
                            opened_at, first_due_at, first_due, resolution_due, backdated_at, acknowledgement_due, rules, about_agent)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, $11, $11, $12, $13, $14, $15, $16)
                        """,
                        e.StreamId,
                        t.CustomerId,
                        t.Kind,
                        t.Category,
                        t.Severity,
                        t.Priority,
                        t.Channel,
                        t.Source,
                        t.Tier,
                        t.OccurredAt,
                        t.FirstResponseDueAt,
                        t.ResolutionDueAt,
                        Backdated(e, t.OccurredAt),
                        t.AcknowledgementDueAt,
                        t.Rules,
                        t.AboutAgent
                    )
            )
            .On<IPolicyChanged>(
                (t, e, sql) =>
                {
                    DateTimeOffset? Due(string clock) => t.Dues.FirstOrDefault(d => d.Clock == clock)?.DueAt;
                    sql.Add(
                        """
                        update ticket_list set rules = $2, first_due_at = coalesce($3, first_due_at), first_due = coalesce($3, first_due),
                            acknowledgement_due = coalesce($4, acknowledgement_due), update_due = coalesce($5, update_due),
                            resolution_due = coalesce($6, resolution_due)
                        where ticket_id = $1
                        """,
                        e.StreamId,
                        t.To.Rules,
                        Due(Sla.Promises.FirstResponse),
                        Due(Sla.Promises.Acknowledgement),
                        Due(Sla.Promises.NextUpdate),
                        Due(Sla.Promises.Resolution)
                    );
                }
            )
            .On<ComplaintAcknowledged>((t, e, sql) => Set(sql, e, t.OccurredAt, "acknowledgement_due = null"))
            .On<ComplaintAssessed>(
                (t, e, sql) =>
                    Set(
                        sql,
                        e,
                        t.OccurredAt,
                        "severity = $3, priority = $4, about_agent = coalesce($5::text, about_agent)",
                        t.Severity,
                        t.Priority,
                        t.AboutAgent
                    )
            )
            .On<TicketAssigned>((t, e, sql) => Set(sql, e, t.OccurredAt, "agent = $3", t.Agent))
            .On<TicketReplied>(
                (t, e, sql) =>
                {
                    if (t.FirstResponse)
                        Set(
                            sql,
                            e,
                            t.OccurredAt,
                            "first_due = null, acknowledgement_due = null, first_met_at = $3, first_minutes = $4",
                            t.OccurredAt,
                            (int?)t.Used?.TotalMinutes
                        );
                    if (t.NextUpdateUsed is not null)
                        Set(sql, e, t.OccurredAt, "update_due = null");
                    if (!t.FirstResponse && t.NextUpdateUsed is null && Backdated(e, t.OccurredAt) is not null)
                        Set(sql, e, t.OccurredAt, "status = status");
                }
            )
            .On<TicketWaiting>((t, e, sql) => Set(sql, e, t.OccurredAt, "status = 'waiting', resolution_due = null, update_due = null"))
            .On<NextUpdatePromised>((t, e, sql) => Set(sql, e, t.OccurredAt, "update_due = $3", t.DueAt))
            .On<TicketResumed>((t, e, sql) => Set(sql, e, t.OccurredAt, Resumed, t.ResolutionDueAt, t.NextUpdateDueAt))
            .On<TicketResolved>(
                (t, e, sql) =>
                    Set(
                        sql,
                        e,
                        t.OccurredAt,
                        """
                        status = 'resolved', first_due = case when $8 then null else first_due end,
                        first_met_at = case when $8 then coalesce(first_met_at, $3) else first_met_at end,
                        solved_due_at = coalesce($7, resolution_due), resolution_due = null, update_due = null,
                        outcome = $4, cause = $5, business_minutes = $6, resolved_at = $3
                        """,
                        t.OccurredAt,
                        t.Outcome,
                        t.Cause,
                        (int)t.Used.TotalMinutes,
                        t.DueAt,
                        t.MeetsFirstResponse
                    )
            )
            .On<TicketReopened>(
                (t, e, sql) =>
                    Set(
                        sql,
                        e,
                        t.OccurredAt,
                        $"""
                        {Resumed}, solved_due_at = null, resolved_at = null, closed_at = null, satisfaction = null, reopened = reopened + 1
                        """,
                        t.ResolutionDueAt,
                        t.NextUpdateDueAt
                    )
            )
            .On<TicketClosed>((t, e, sql) => Set(sql, e, t.OccurredAt, "status = 'closed', closed_at = $3", t.OccurredAt))
            .On<SlaBreached>(
                (t, e, sql) =>
                    sql.Add(
                        """
                        update ticket_list set first_breached = first_breached or $2 = 'first-response',
                            update_breached = update_breached or $2 = 'next-update',
                            acknowledgement_breached = acknowledgement_breached or $2 = 'acknowledgement',
                            resolution_breached = resolution_breached or $2 = 'resolution'
                        where ticket_id = $1
                        """,
                        e.StreamId,
                        t.Clock
                    )
            )
            .On<BreachExcused>(
                (t, e, sql) =>
                {
                    if (t.Last)
                        sql.Add(
                            """
                            update ticket_list set first_breached = first_breached and $2 <> 'first-response',
                                update_breached = update_breached and $2 <> 'next-update',
                                acknowledgement_breached = acknowledgement_breached and $2 <> 'acknowledgement',
                                resolution_breached = resolution_breached and $2 <> 'resolution'
                            where ticket_id = $1
                            """,
                            e.StreamId,
                            t.Clock
                        );
                }
            )
            .On<SatisfactionAnswered>((t, e, sql) => Set(sql, e, t.OccurredAt, "satisfaction = $3", (short)t.Score));

    /// <summary>When something of the past was recorded; null for what was recorded as it happened.</summary>
    static DateTimeOffset? Backdated(RecordedEvent e, DateTimeOffset occurredAt) =>
        e.RecordedAt - occurredAt > late ? e.RecordedAt.ToUniversalTime() : null;

    static void Set(SqlBatch sql, RecordedEvent e, DateTimeOffset occurredAt, string columns, params object?[] values) =>
        sql.Add(
            $"update ticket_list set {columns}, backdated_at = coalesce($2::timestamptz, backdated_at) where ticket_id = $1",
            [e.StreamId, Backdated(e, occurredAt), .. values]
        );
}
