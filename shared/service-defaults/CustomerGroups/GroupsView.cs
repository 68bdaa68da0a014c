namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// View of the customers who are in a group, a row for each; a customer without a row is alone. Rooms read it with
/// <see cref="CustomerGroups"/>, or join the table.
/// </summary>
public sealed class GroupsView : IProjection
{
    public string Name => "customer-groups";

    public string Ddl =>
        """
            create table if not exists customer_groups (customer_id uuid primary key, survivor_id uuid not null, members uuid[] not null);
            create index if not exists customer_groups_survivor on customer_groups (survivor_id);
            """;

    public void Register(EventHandlers on) =>
        on.On<GroupNoted>(
            (noted, _, sql) =>
            {
                if (noted.Members.Count > 1)
                    sql.Add(
                        """
                        insert into customer_groups (customer_id, survivor_id, members) values ($1, $2, $3)
                        on conflict (customer_id) do update set survivor_id = excluded.survivor_id, members = excluded.members
                        """,
                        noted.CustomerId,
                        noted.SurvivorId,
                        noted.Members.ToArray()
                    );
                else
                    sql.Add("delete from customer_groups where customer_id = $1", noted.CustomerId);
            }
        );
}
