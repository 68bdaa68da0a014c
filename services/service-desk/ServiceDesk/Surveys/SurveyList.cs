namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>View with one row per survey: its latest version.</summary>
public sealed class SurveyList : IProjection
{
    public string Name => "survey-list";

    // first_at: when its first version was published.
    public string Ddl =>
        """
            create table if not exists surveys (
                survey_id uuid primary key, code text not null unique, version int not null, kind text not null, metric text not null,
                channel text not null, after_ticket bool not null, first_at timestamptz not null, published_at timestamptz not null,
                closes_at timestamptz, closed_at timestamptz);
            """;

    public void Register(EventHandlers on) =>
        on.On<SurveyPublished>(
                (s, e, sql) =>
                    sql.Add(
                        """
                        insert into surveys
                            (survey_id, code, version, kind, metric, channel, after_ticket, first_at, published_at, closes_at)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
                        on conflict (survey_id) do update set version = excluded.version, kind = excluded.kind, metric = excluded.metric,
                            channel = excluded.channel, after_ticket = excluded.after_ticket, published_at = excluded.published_at,
                            closes_at = excluded.closes_at
                        """,
                        e.StreamId,
                        s.Code,
                        s.Version,
                        s.Content.Kind,
                        s.Content.MetricQuestion().Type,
                        s.Content.Channel,
                        s.Content.AfterTicket,
                        s.OccurredAt,
                        s.Content.ClosesAt
                    )
            )
            .On<SurveyClosed>((s, e, sql) => sql.Add("update surveys set closed_at = $2 where survey_id = $1", e.StreamId, s.OccurredAt));
}
