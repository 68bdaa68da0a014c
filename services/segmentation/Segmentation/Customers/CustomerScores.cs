using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>
/// What is said of each customer at present, every value with the event that it came from. Whoever is judged under another id
/// (<c>survivor_id</c>) is in no list and no count.
/// </summary>
public sealed class CustomerScores : IProjection
{
    public string Name => "customer-scores";
    public TimeSpan Rest => TimeSpan.FromMilliseconds(50);

    public string Ddl =>
        """
            create table if not exists customer_scores (customer_id uuid primary key, forgotten bool not null default false,
                stage text, stage_since timestamptz, stage_cause text, stage_event uuid,
                recency smallint, frequency smallint, monetary smallint, chinese_type text, run_id uuid, score_as_of date, live bool,
                    scored_at timestamptz, score_event uuid,
                segment text, segment_since timestamptz, segment_reason text, segment_event uuid, grade text, grade_run uuid,
                    grade_at timestamptz, grade_event uuid);
            alter table customer_scores add column if not exists survivor_id uuid;
            create index if not exists customer_scores_segment on customer_scores (segment, customer_id);
            """;

    public void Register(EventHandlers on) =>
        on.On<LifecycleStageChanged>(
                (s, e, sql) =>
                    sql.Add(
                        """
                        insert into customer_scores (customer_id, stage, stage_since, stage_cause, stage_event) values ($1, $2, $3, $4, $5)
                        on conflict (customer_id) do update set
                            (stage, stage_since, stage_cause, stage_event) = (excluded.stage, excluded.stage_since, excluded.stage_cause,
                                excluded.stage_event)
                        """,
                        e.StreamId,
                        s.To,
                        s.OccurredAt,
                        s.Cause,
                        e.Id
                    )
            )
            .On<RfmScored>(
                (s, e, sql) =>
                    sql.Add(
                        """
                        insert into customer_scores (customer_id, recency, frequency, monetary, chinese_type, run_id, score_as_of, live,
                            scored_at, score_event)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                        on conflict (customer_id) do update set
                            (recency, frequency, monetary, chinese_type, run_id, score_as_of, live, scored_at, score_event) =
                            (excluded.recency, excluded.frequency, excluded.monetary, excluded.chinese_type, excluded.run_id,
                                excluded.score_as_of,
                             excluded.live, excluded.scored_at, excluded.score_event)
                        """,
                        e.StreamId,
                        (short)s.Recency,
                        (short)s.Frequency,
                        (short)s.Monetary,
                        s.ChineseType,
                        s.RunId,
                        s.AsOf,
                        s.Live,
                        s.OccurredAt,
                        e.Id
                    )
            )
            .On<SegmentEntered>(
                (s, e, sql) =>
                    sql.Add(
                        """
                        insert into customer_scores (customer_id, segment, segment_since, segment_reason, segment_event)
                            values ($1, $2, $3, $4, $5)
                        on conflict (customer_id) do update set (segment, segment_since, segment_reason, segment_event) =
                            (excluded.segment, excluded.segment_since, excluded.segment_reason, excluded.segment_event)
                        """,
                        e.StreamId,
                        s.Segment,
                        s.OccurredAt,
                        s.Reason,
                        e.Id
                    )
            )
            .On<SegmentLeft>(
                (s, e, sql) =>
                {
                    // Where another one is entered, that follows.
                    if (s.Reason == Judgement.NoNetOrders)
                        sql.Add(
                            """
                            update customer_scores set segment = null, segment_since = null, segment_reason = null, segment_event = null
                            where customer_id = $1
                            """,
                            e.StreamId
                        );
                }
            )
            .On<PopulationLeft>(
                (_, e, sql) =>
                    sql.Add(
                        """
                        update customer_scores set segment = null, segment_since = null, segment_reason = null, segment_event = null,
                            recency = null, frequency = null, monetary = null, chinese_type = null, run_id = null, score_as_of = null,
                            live = null, scored_at = null, score_event = null,
                            grade = null, grade_run = null, grade_at = null, grade_event = null
                        where customer_id = $1
                        """,
                        e.StreamId
                    )
            )
            .On<AbcGradeChanged>(
                (g, e, sql) =>
                    sql.Add(
                        """
                        insert into customer_scores (customer_id, grade, grade_run, grade_at, grade_event) values ($1, $2, $3, $4, $5)
                        on conflict (customer_id) do update set
                            (grade, grade_run, grade_at, grade_event) = (excluded.grade, excluded.grade_run, excluded.grade_at,
                                excluded.grade_event)
                        """,
                        e.StreamId,
                        g.To,
                        g.RunId,
                        g.OccurredAt,
                        e.Id
                    )
            )
            .On<GroupChanged>(
                (g, e, sql) =>
                    sql.Add(
                        """
                        insert into customer_scores (customer_id, survivor_id) values ($1, $2::uuid) on conflict (customer_id)
                            do update set survivor_id = excluded.survivor_id
                        """,
                        e.StreamId,
                        g.SurvivorId
                    )
            )
            .On<PersonalDataErased>(
                (_, e, sql) =>
                    sql.Add(
                        """
                        insert into customer_scores (customer_id, forgotten) values ($1, true) on conflict (customer_id)
                            do update set forgotten = true
                        """,
                        e.StreamId
                    )
            );
}
