namespace CrmPlatform.ServiceDesk.Customers;

/// <summary>
/// View of loyalty's tiers in their order: by the fewest points with which anybody was seen to reach them. A higher tier needs more points,
/// so one customer in each is enough. The queue serves higher tiers first.
/// </summary>
public sealed class TierLadder : IProjection
{
    public string Name => "tier-ladder";

    public string Ddl => "create table if not exists tier_ladder (tier text primary key, points bigint not null);";

    public void Register(EventHandlers on) =>
        on.On<TierNoted>(
            (t, _, sql) =>
            {
                if (t.Points is { } points)
                    sql.Add(
                        """
                        insert into tier_ladder (tier, points) values ($1, $2)
                        on conflict (tier) do update set points = excluded.points where tier_ladder.points > excluded.points
                        """,
                        t.Tier,
                        points
                    );
            }
        );
}
