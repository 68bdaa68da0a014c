namespace CrmPlatform.Loyalty.Care;

/// <summary>
/// When each customer's next occasion is due: one row each, written with the facts. It does not say which occasion, so while a person is
/// known it tells a birthday no better than an instant does; when they are forgotten the row is deleted, and no rebuild brings it back,
/// since the facts no longer open.
/// </summary>
public sealed class CareNextView : IProjection
{
    public string Name => "care-next";

    public string Ddl =>
        """
            create table if not exists care_next (customer_id uuid primary key, plan int not null, next_at timestamptz);
            create index if not exists care_next_due on care_next (next_at);
            create index if not exists care_next_plan on care_next (plan)
            """;

    public void Register(EventHandlers on) =>
        on.On<CareScheduled>(
                (s, _, sql) =>
                {
                    if (s.Personal.Value is { } next)
                        sql.Add(
                            """
                            insert into care_next (customer_id, plan, next_at) values ($1, $2, $3)
                            on conflict (customer_id) do update set plan = excluded.plan, next_at = excluded.next_at
                            """,
                            s.CustomerId,
                            s.Plan,
                            new NpgsqlParameter
                            {
                                Value = (object?)next.At ?? DBNull.Value,
                                NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz,
                            }
                        );
                }
            )
            .On<CareEnded>((ended, _, sql) => sql.Add("delete from care_next where customer_id = $1", ended.CustomerId));
}
