using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>View with one row per complaint: how it was decided, what was given, until when a proposal waits for an answer.</summary>
public sealed class ComplaintList : IProjection
{
    public string Name => "complaint-list";

    // proposal_until is null while no proposal waits; the rest is null while the complaint is not decided.
    public string Ddl =>
        """
            create table if not exists complaints (
                ticket_id uuid primary key, customer_id uuid not null, category text not null, channel text not null,
                opened_at timestamptz not null, proposal_until timestamptz, outcome text, cause text, decided_at timestamptz,
                decision_minutes int);
            create table if not exists compensations (
                ticket_id uuid not null, kind text not null, amount numeric not null, granted_at timestamptz not null,
                primary key (ticket_id, kind));
            create index if not exists complaints_proposals on complaints (proposal_until) where proposal_until is not null;
            create index if not exists complaints_opened on complaints (opened_at);
            """;

    public void Register(EventHandlers on) =>
        on.On<TicketOpened>(
                (t, e, sql) =>
                {
                    if (t.Kind == "complaint")
                        sql.Add(
                            "insert into complaints (ticket_id, customer_id, category, channel, opened_at) values ($1, $2, $3, $4, $5)",
                            e.StreamId,
                            t.CustomerId,
                            t.Category,
                            t.Channel,
                            t.OccurredAt
                        );
                }
            )
            .On<ProposalMade>((t, e, sql) => sql.Add("update complaints set proposal_until = $2 where ticket_id = $1", e.StreamId, t.Until))
            .On<ProposalAnswered>((_, e, sql) => sql.Add("update complaints set proposal_until = null where ticket_id = $1", e.StreamId))
            .On<ComplaintDecided>(
                (t, e, sql) =>
                    sql.Add(
                        """
                        update complaints set proposal_until = null, outcome = $2, cause = $3, decided_at = $4, decision_minutes = $5
                        where ticket_id = $1
                        """,
                        e.StreamId,
                        t.Outcome,
                        t.Cause,
                        t.OccurredAt,
                        (int)t.Used.TotalMinutes
                    )
            )
            .On<CompensationGranted>(
                (t, e, sql) =>
                    sql.Add(
                        "insert into compensations (ticket_id, kind, amount, granted_at) values ($1, $2, $3, $4)",
                        e.StreamId,
                        t.Kind,
                        t.Amount,
                        t.OccurredAt
                    )
            )
            .On<TicketReopened>(
                (_, e, sql) =>
                    sql.Add(
                        """
                        update complaints set outcome = null, cause = null, decided_at = null, decision_minutes = null
                        where ticket_id = $1
                        """,
                        e.StreamId
                    )
            );
}
