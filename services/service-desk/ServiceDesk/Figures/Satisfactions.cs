using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Figures;

/// <summary>
/// View of every answer about a solution, with when the customer changed it or the ticket came back. It reads the list of tickets, which
/// has the same fact before it.
/// </summary>
public sealed class Satisfactions : IProjection
{
    public string Name => "satisfactions";

    public string Ddl =>
        """
            create table if not exists satisfactions (
                ticket_id uuid not null, number int not null, opened_at timestamptz not null, score int not null,
                answered_at timestamptz not null, undone_at timestamptz, primary key (ticket_id, number));
            create index if not exists satisfactions_opened on satisfactions (opened_at);
            """;

    public void Register(EventHandlers on) =>
        on.On<SatisfactionAnswered>(
                (t, e, sql) =>
                {
                    Undo(sql, e, t.OccurredAt);
                    sql.Add(
                        """
                        insert into satisfactions (ticket_id, number, opened_at, score, answered_at)
                        select ticket_id, 1 + (select count(*) from satisfactions where ticket_id = $1), opened_at, $2, $3
                        from ticket_list where ticket_id = $1
                        """,
                        e.StreamId,
                        t.Score,
                        t.OccurredAt
                    );
                }
            )
            .On<TicketReopened>((t, e, sql) => Undo(sql, e, t.OccurredAt));

    static void Undo(SqlBatch sql, RecordedEvent e, DateTimeOffset at) =>
        sql.Add("update satisfactions set undone_at = $2 where ticket_id = $1 and undone_at is null", e.StreamId, at);
}
