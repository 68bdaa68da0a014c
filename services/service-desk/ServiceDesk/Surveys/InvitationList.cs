using CrmPlatform.ServiceDesk.Customers;

namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>View with one row per invitation, and one per answer that is a code or a number. No text.</summary>
public sealed class InvitationList : IProjection
{
    public string Name => "invitation-list";

    // made_at: also of who was suppressed. ended: the customer was forgotten. place: 1 for the first code of an answer.
    public string Ddl =>
        """
            create table if not exists invitations (
                invitation_id uuid primary key, survey_id uuid not null, version int not null, customer_id uuid not null, ticket_id uuid,
                wave text, state text not null, reason text, language text, made_at timestamptz not null, remind_at timestamptz,
                expires_at timestamptz, finished_at timestamptz, score smallint, message_id uuid,
                look_at timestamptz generated always as (
                    case state when 'made' then least(remind_at, expires_at) when 'reminded' then expires_at end) stored);
            create index if not exists invitations_survey on invitations (survey_id, made_at, invitation_id);
            create index if not exists invitations_customer on invitations (customer_id);
            create index if not exists invitations_ticket on invitations (ticket_id) where ticket_id is not null;
            create index if not exists invitations_look on invitations (look_at) where look_at is not null;
            create table if not exists survey_answers (
                invitation_id uuid not null, question text not null, place smallint not null, code text not null,
                survey_id uuid not null, version int not null, wave text, made_at timestamptz not null,
                primary key (invitation_id, question, place));
            create index if not exists survey_answers_survey on survey_answers (survey_id) include (made_at, version, wave, question, code);
            """;

    public void Register(EventHandlers on) =>
        on.On<InvitationMade>(
                (i, e, sql) =>
                    sql.Add(
                        """
                        insert into invitations (invitation_id, survey_id, version, customer_id, ticket_id, wave, state, language, made_at,
                            remind_at, expires_at, message_id)
                        values ($1, $2, $3, $4, $5::uuid, $6::text, 'made', $7, $8, $9::timestamptz, $10, $11)
                        """,
                        e.StreamId,
                        i.SurveyId,
                        i.Version,
                        i.CustomerId,
                        i.TicketId,
                        i.Wave,
                        i.Language,
                        i.OccurredAt,
                        i.RemindAt,
                        i.ExpiresAt,
                        InvitationMessage.IdOf(e.StreamId)
                    )
            )
            .On<InvitationSuppressed>(
                (i, e, sql) =>
                    sql.Add(
                        """
                        insert into invitations (invitation_id, survey_id, version, customer_id, ticket_id, wave, state, reason, made_at)
                        values ($1, $2, $3, $4, $5::uuid, $6::text, 'suppressed', $7, $8)
                        """,
                        e.StreamId,
                        i.SurveyId,
                        i.Version,
                        i.CustomerId,
                        i.TicketId,
                        i.Wave,
                        i.Reason,
                        i.OccurredAt
                    )
            )
            .On<InvitationReminded>(
                (_, e, sql) => sql.Add("update invitations set state = 'reminded' where invitation_id = $1 and state = 'made'", e.StreamId)
            )
            .On<InvitationExpired>(
                (_, e, sql) =>
                    sql.Add(
                        "update invitations set state = 'expired' where invitation_id = $1 and state in ('made', 'reminded')",
                        e.StreamId
                    )
            )
            .On<IAnswered>((a, e, sql) => Answer(sql, e, a))
            .On<PersonalDataErased>(
                (_, e, sql) =>
                    sql.Add("update invitations set state = 'ended' where customer_id = $1 and state in ('made', 'reminded')", e.StreamId)
            );

    /// <summary>The answers that count are those that were given last.</summary>
    static void Answer(SqlBatch sql, RecordedEvent e, IAnswered answer)
    {
        sql.Add(
            "update invitations set state = 'finished', finished_at = coalesce(finished_at, $2), score = $3::int where invitation_id = $1",
            e.StreamId,
            answer.OccurredAt,
            answer.Score
        );
        sql.Add("delete from survey_answers where invitation_id = $1", e.StreamId);
        var rows = answer.Answers.SelectMany(a => a.Codes.Select((code, i) => (a.Question, Place: (short)(i + 1), Code: code))).ToList();
        if (rows.Count > 0)
            sql.Add(
                """
                insert into survey_answers (invitation_id, question, place, code, survey_id, version, wave, made_at)
                select $1, a.question, a.place, a.code, i.survey_id, i.version, i.wave, i.made_at
                from invitations i, unnest($2::text[], $3::smallint[], $4::text[]) as a (question, place, code)
                where i.invitation_id = $1
                """,
                e.StreamId,
                rows.Select(r => r.Question).ToArray(),
                rows.Select(r => r.Place).ToArray(),
                rows.Select(r => r.Code).ToArray()
            );
    }
}
