using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Figures;

/// <summary>
/// View of the life of each ticket as spans without gaps: <c>active</c> (the desk's turn), <c>waiting</c> (the customer's), <c>solved</c>,
/// <c>closed</c>.
/// </summary>
public sealed class TicketSpans : IProjection
{
    public string Name => "ticket-spans";

    // until_at is null of the last one.
    public string Ddl =>
        """
            create table if not exists ticket_spans (
                ticket_id uuid not null, number int not null, state text not null, opened_at timestamptz not null,
                from_at timestamptz not null, until_at timestamptz, primary key (ticket_id, number));
            create index if not exists ticket_spans_opened on ticket_spans (opened_at);
            """;

    public void Register(EventHandlers on) =>
        on.On<TicketOpened>(
                (t, e, sql) =>
                    sql.Add(
                        """
                        insert into ticket_spans (ticket_id, number, state, opened_at, from_at) values ($1, 1, 'active', $2, $2)
                        """,
                        e.StreamId,
                        t.OccurredAt
                    )
            )
            .On<TicketWaiting>((t, e, sql) => Next(sql, e, "waiting", t.OccurredAt))
            .On<TicketResumed>((t, e, sql) => Next(sql, e, "active", t.OccurredAt))
            .On<TicketResolved>((t, e, sql) => Next(sql, e, "solved", t.OccurredAt))
            .On<TicketReopened>((t, e, sql) => Next(sql, e, "active", t.OccurredAt))
            .On<TicketClosed>((t, e, sql) => Next(sql, e, "closed", t.OccurredAt));

    static void Next(SqlBatch sql, RecordedEvent e, string state, DateTimeOffset at) =>
        sql.Add(
            """
            with last as (
                update ticket_spans set until_at = $3 where ticket_id = $1 and until_at is null returning number, opened_at)
            insert into ticket_spans (ticket_id, number, state, opened_at, from_at) select $1, number + 1, $2, opened_at, $3 from last
            """,
            e.StreamId,
            state,
            at
        );
}
