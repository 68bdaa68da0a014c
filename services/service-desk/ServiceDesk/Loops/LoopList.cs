namespace CrmPlatform.ServiceDesk.Loops;

/// <summary>View with one row per loop.</summary>
public sealed class LoopList : IProjection
{
    public string Name => "loops";

    public string Ddl =>
        """
            create table if not exists loops (
                loop_id uuid primary key, customer_id uuid not null, reason text not null, score int, ticket_id uuid, owner text,
                opened_at timestamptz not null, due_at timestamptz not null, contacted_at timestamptz, contact_minutes int,
                closed_at timestamptz, outcome text);
            alter table loops add column if not exists overdue_at timestamptz;
            create index if not exists loops_opened on loops (opened_at, loop_id);
            create index if not exists loops_open on loops (customer_id) where closed_at is null;
            create index if not exists loops_due on loops (due_at) where closed_at is null;
            """;

    public void Register(EventHandlers on) =>
        on.On<LoopOpened>(
                (l, e, sql) =>
                    sql.Add(
                        """
                        insert into loops (loop_id, customer_id, reason, score, ticket_id, owner, opened_at, due_at)
                        values ($1, $2, $3, $4, $5, $6, $7, $8)
                        """,
                        e.StreamId,
                        l.CustomerId,
                        l.Reason,
                        l.Score,
                        l.TicketId,
                        l.Owner,
                        l.OccurredAt,
                        l.DueAt
                    )
            )
            .On<LoopAssigned>((l, e, sql) => sql.Add("update loops set owner = $2 where loop_id = $1", e.StreamId, l.Owner))
            .On<LoopOverdue>((l, e, sql) => sql.Add("update loops set overdue_at = $2 where loop_id = $1", e.StreamId, l.OccurredAt))
            .On<LoopContacted>(
                (l, e, sql) =>
                    sql.Add(
                        "update loops set contacted_at = $2, contact_minutes = $3 where loop_id = $1",
                        e.StreamId,
                        l.OccurredAt,
                        (int)l.Used.TotalMinutes
                    )
            )
            .On<LoopClosed>(
                (l, e, sql) =>
                    sql.Add("update loops set closed_at = $2, outcome = $3 where loop_id = $1", e.StreamId, l.OccurredAt, l.Outcome)
            )
            .On<LoopEnded>(
                (l, e, sql) =>
                    sql.Add("update loops set closed_at = $2, outcome = 'forgotten' where loop_id = $1", e.StreamId, l.OccurredAt)
            );
}
