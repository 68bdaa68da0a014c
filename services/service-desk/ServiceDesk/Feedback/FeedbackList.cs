using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Surveys;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Feedback;

/// <summary>View with one row per text that customers wrote (without it), and one per theme that it is about.</summary>
public sealed class FeedbackList : IProjection
{
    public const string Ticket = "ticket",
        Survey = "survey";

    public string Name => "feedback-list";

    // by_rule and by_person: who says so; a person's no is by_person = false.
    public string Ddl =>
        """
            create table if not exists feedback (
                feedback_id uuid primary key, customer_id uuid not null, source text not null, channel text not null,
                said_at timestamptz not null, version int, forgotten bool not null default false, status text, status_note text);
            create table if not exists feedback_themes (
                feedback_id uuid not null, theme text not null, by_rule bool not null default false, by_person bool,
                applies bool generated always as (coalesce(by_person, by_rule)) stored, primary key (feedback_id, theme));
            create index if not exists feedback_said on feedback (said_at, feedback_id);
            create index if not exists feedback_customer on feedback (customer_id, said_at);
            create index if not exists feedback_version on feedback (version nulls first) where not forgotten;
            create index if not exists feedback_themes_theme on feedback_themes (theme) where applies;
            """;

    public void Register(EventHandlers on) =>
        on.On<TicketOpened>(
                (t, e, sql) =>
                {
                    if (t.Kind is "complaint" or "feedback")
                        Say(sql, e.StreamId, t.CustomerId, Ticket, t.Channel, t.OccurredAt);
                }
            )
            .On<FeedbackReceived>((f, e, sql) => Say(sql, e.StreamId, f.CustomerId, f.Source, f.Channel, f.OccurredAt))
            .On<SurveyFinished>((a, e, sql) => Answer(sql, e, a))
            .On<AnswerRevised>((a, e, sql) => Answer(sql, e, a))
            .On<SuggestionStatusSet>(
                (s, e, sql) =>
                    sql.Add("update feedback set status = $2, status_note = $3::text where feedback_id = $1", e.StreamId, s.Status, s.Note)
            )
            .On<FeedbackCoded>(
                (c, _, sql) =>
                {
                    sql.Add("update feedback set version = $2 where feedback_id = $1", c.FeedbackId, c.Version);
                    sql.Add(
                        "update feedback_themes set by_rule = theme = any($2) where feedback_id = $1",
                        c.FeedbackId,
                        c.Themes.ToArray()
                    );
                    sql.Add(
                        """
                        insert into feedback_themes (feedback_id, theme, by_rule)
                        select $1, theme, true from unnest($2::text[]) as t (theme)
                        on conflict do nothing
                        """,
                        c.FeedbackId,
                        c.Themes.ToArray()
                    );
                }
            )
            .On<ThemeSet>((t, _, sql) => Person(sql, t.FeedbackId, t.Theme, applies: true))
            .On<ThemeRemoved>((t, _, sql) => Person(sql, t.FeedbackId, t.Theme, applies: false))
            .On<PersonalDataErased>((p, _, sql) => sql.Add("update feedback set forgotten = true where customer_id = $1", p.Person));

    /// <summary>An answer without text is no feedback; one that was changed is coded anew.</summary>
    static void Answer(SqlBatch sql, RecordedEvent e, IAnswered answered)
    {
        if (answered.Personal is null)
            return;
        Say(sql, e.StreamId, answered.CustomerId, Survey, Survey, answered.OccurredAt);
        sql.Add("update feedback set version = null where feedback_id = $1", e.StreamId);
    }

    static void Say(SqlBatch sql, Guid id, Guid customerId, string source, string channel, DateTimeOffset at) =>
        sql.Add(
            "insert into feedback (feedback_id, customer_id, source, channel, said_at) values ($1, $2, $3, $4, $5) "
                + "on conflict do nothing",
            id,
            customerId,
            source,
            channel,
            at
        );

    static void Person(SqlBatch sql, Guid id, string theme, bool applies) =>
        sql.Add(
            """
            insert into feedback_themes (feedback_id, theme, by_person) values ($1, $2, $3)
            on conflict (feedback_id, theme) do update set by_person = excluded.by_person
            """,
            id,
            theme,
            applies
        );
}
