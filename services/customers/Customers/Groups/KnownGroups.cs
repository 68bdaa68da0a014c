namespace CrmPlatform.Customers.Groups;

/// <summary>Who is in whose group, as the last commit left it. Who has no row is alone.</summary>
public sealed class KnownGroups(NpgsqlDataSource db) : IProjection
{
    public string Name => "customer-groups";

    public string Ddl =>
        """
            create table if not exists customer_groups (customer_id uuid primary key, survivor_id uuid not null);
            create index if not exists customer_groups_survivor on customer_groups (survivor_id)
            """;

    public void Register(EventHandlers on) =>
        on.On<IGroupFact>(
            (group, e, sql) =>
            {
                if (group.Links.Count == 0)
                    sql.Add("delete from customer_groups where customer_id = $1", e.StreamId);
                else
                    sql.Add(
                        """
                        insert into customer_groups (customer_id, survivor_id) values ($1, $2)
                        on conflict (customer_id) do update set survivor_id = excluded.survivor_id
                        """,
                        e.StreamId,
                        group.SurvivorId
                    );
            }
        );

    /// <summary>Everybody in a customer's group, the survivor first; the customer alone if it is in none.</summary>
    public async Task<IReadOnlyList<Guid>> MembersOf(Guid customer, CancellationToken ct)
    {
        var members = await db.Query<Guid>(
            """
            select o.customer_id from customer_groups g join customer_groups o using (survivor_id) where g.customer_id = @customer
            order by o.customer_id <> o.survivor_id, o.customer_id
            """,
            new { customer },
            ct
        );
        return members.Count > 0 ? members : [customer];
    }

    /// <summary>The survivors of those who are in a group.</summary>
    public async Task<IReadOnlyDictionary<Guid, Guid>> SurvivorsOf(IReadOnlyCollection<Guid> customers, CancellationToken ct) =>
        customers.Count == 0
            ? []
            : (
                await db.Query<(Guid Customer, Guid Survivor)>(
                    "select customer_id, survivor_id from customer_groups where customer_id = any(@customers)",
                    new { customers = customers.ToArray() },
                    ct
                )
            ).ToDictionary(g => g.Customer, g => g.Survivor);
}
