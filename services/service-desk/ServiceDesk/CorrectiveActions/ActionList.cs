namespace CrmPlatform.ServiceDesk.CorrectiveActions;

/// <summary>View with one row per corrective action.</summary>
public sealed class ActionList : IProjection
{
    public string Name => "corrective-actions";

    public string Ddl =>
        """
            create table if not exists corrective_actions (
                action_id uuid primary key, title text not null, cause text, theme text, ticket_id uuid, owner text not null,
                set_at timestamptz not null, due_at timestamptz not null, done_at timestamptz, check_at timestamptz,
                checked_at timestamptz, before bigint, after bigint, ratio numeric, low numeric, high numeric, effective bool);
            create index if not exists corrective_actions_check on corrective_actions (check_at) where checked_at is null;
            """;

    public void Register(EventHandlers on) =>
        on.On<ActionSet>(
                (a, e, sql) =>
                    sql.Add(
                        """
                        insert into corrective_actions (action_id, title, cause, theme, ticket_id, owner, set_at, due_at)
                        values ($1, $2, $3, $4, $5, $6, $7, $8)
                        """,
                        e.StreamId,
                        a.Title,
                        a.Cause,
                        a.Theme,
                        a.TicketId,
                        a.Owner,
                        a.OccurredAt,
                        a.DueAt
                    )
            )
            .On<ActionDone>(
                (a, e, sql) =>
                    sql.Add(
                        "update corrective_actions set done_at = $2, check_at = $3 where action_id = $1",
                        e.StreamId,
                        a.OccurredAt,
                        a.CheckAt
                    )
            )
            .On<ActionChecked>(
                (a, e, sql) =>
                    sql.Add(
                        """
                        update corrective_actions set checked_at = $2, before = $3, after = $4, ratio = $5, low = $6,
                            high = $7, effective = $8
                        where action_id = $1
                        """,
                        e.StreamId,
                        a.OccurredAt,
                        a.Found.Before,
                        a.Found.After,
                        a.Found.Ratio,
                        a.Found.Low,
                        a.Found.High,
                        a.Found.Effective
                    )
            );
}
