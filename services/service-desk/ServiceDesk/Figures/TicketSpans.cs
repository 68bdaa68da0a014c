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
        on.OnPage<ITicketEvent>(
            (page, sql) =>
            {
                var changes = page.Select(e => (e.StreamId, Change: Of(e.Data)))
                    .Where(c => c.Change is not null)
                    .Select(c => (Ticket: c.StreamId, c.Change!.Value.State, c.Change.Value.At))
                    .ToList();
                if (changes.Count > 0)
                    sql.Add(
                        """
                        with changes as (
                            select ticket_id, state, at, row_number() over life as place, lead(at) over life as until_at
                            from unnest($1::uuid[], $2::text[], $3::timestamptz[]) with ordinality c (ticket_id, state, at, n)
                            window life as (partition by ticket_id order by n)),
                        last as (
                            update ticket_spans s set until_at = c.at from changes c
                            where s.ticket_id = c.ticket_id and c.place = 1 and s.until_at is null
                            returning s.ticket_id, s.number, s.opened_at)
                        insert into ticket_spans (ticket_id, number, state, opened_at, from_at, until_at)
                        select ticket_id, coalesce(l.number, 0) + c.place, c.state, coalesce(l.opened_at, first.at), c.at, c.until_at
                        from changes c join changes first using (ticket_id) left join last l using (ticket_id)
                        where first.place = 1
                        """,
                        changes.Select(c => c.Ticket).ToArray(),
                        changes.Select(c => c.State).ToArray(),
                        changes.Select(c => c.At).ToArray()
                    );
            }
        );

    static (string State, DateTimeOffset At)? Of(object fact) =>
        fact switch
        {
            TicketOpened t => ("active", t.OccurredAt),
            TicketWaiting t => ("waiting", t.OccurredAt),
            TicketResumed t => ("active", t.OccurredAt),
            TicketResolved t => ("solved", t.OccurredAt),
            TicketReopened t => ("active", t.OccurredAt),
            TicketClosed t => ("closed", t.OccurredAt),
            _ => null,
        };
}
