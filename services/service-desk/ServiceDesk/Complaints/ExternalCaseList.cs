using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>View with one row per case at an authority, and which of its clocks are over.</summary>
public sealed class ExternalCaseList : IProjection
{
    public string Name => "external-cases";

    public string Ddl =>
        """
            create table if not exists external_cases (
                ticket_id uuid not null, number int not null, customer_id uuid not null, body text not null,
                received_at timestamptz not null, acceptance_due_at timestamptz not null, accepted_at timestamptz,
                mediation_due_at timestamptz, answer_due_at timestamptz, answered_at timestamptz, ended_at timestamptz, outcome text,
                told text[] not null default '{}', primary key (ticket_id, number));
            create index if not exists external_cases_received on external_cases (received_at, ticket_id);
            create index if not exists external_cases_open on external_cases (ticket_id) where ended_at is null;
            """;

    public void Register(EventHandlers on) =>
        on.On<EscalatedOutside>(
                (t, e, sql) =>
                    sql.Add(
                        """
                        insert into external_cases
                            (ticket_id, number, customer_id, body, received_at, acceptance_due_at, answer_due_at)
                        values ($1, $2, $3, $4, $5, $6, $7)
                        """,
                        e.StreamId,
                        t.Number,
                        t.CustomerId,
                        t.Body,
                        t.ReceivedAt,
                        t.AcceptanceDueAt,
                        t.AnswerDueAt
                    )
            )
            .On<ExternalCaseAccepted>(
                (t, e, sql) =>
                    sql.Add(
                        "update external_cases set accepted_at = $3, mediation_due_at = $4 where ticket_id = $1 and number = $2",
                        e.StreamId,
                        t.Number,
                        t.OccurredAt,
                        t.MediationDueAt
                    )
            )
            .On<ExternalCaseEnded>(
                (t, e, sql) =>
                    sql.Add(
                        "update external_cases set ended_at = $3, outcome = $4 where ticket_id = $1 and number = $2",
                        e.StreamId,
                        t.Number,
                        t.OccurredAt,
                        t.Outcome
                    )
            )
            .On<ComplaintDecided>(
                (t, e, sql) =>
                    sql.Add(
                        "update external_cases set answered_at = coalesce(answered_at, $2) where ticket_id = $1 and ended_at is null",
                        e.StreamId,
                        t.OccurredAt
                    )
            )
            .On<Escalated>(
                (t, e, sql) =>
                {
                    if (t.Clock is ExternalCase.Acceptance or ExternalCase.Mediation or ExternalCase.Answer)
                        sql.Add(
                            "update external_cases set told = told || $3::text where ticket_id = $1 and number = $2",
                            e.StreamId,
                            t.Number,
                            t.Clock
                        );
                }
            );
}
