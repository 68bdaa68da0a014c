using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Groups;

/// <summary>
/// Under whose id each customer was judged from which event on: a run that is computed again counts the groups that it counted then.
/// </summary>
public sealed class JudgedWith : IProjection
{
    public string Name => "judged-with";

    public string Ddl =>
        """
            create table if not exists judged_with (
                customer_id uuid not null, seq bigint not null, survivor_id uuid, primary key (customer_id, seq));
            create index if not exists judged_with_survivor on judged_with (survivor_id) where survivor_id is not null;
            """;

    public void Register(EventHandlers on) =>
        on.On<GroupChanged>(
            (g, e, sql) =>
                sql.Add(
                    "insert into judged_with (customer_id, seq, survivor_id) values ($1, $2, $3) on conflict do nothing",
                    e.StreamId,
                    e.Sequence,
                    new NpgsqlParameter { Value = (object?)g.SurvivorId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid }
                )
        );
}
