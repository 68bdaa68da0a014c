namespace CrmPlatform.ServiceDesk.Agents;

/// <summary>View with one row per agent.</summary>
public sealed class AgentList : IProjection
{
    public string Name => "agents";

    public string Ddl =>
        """
            create table if not exists agents (
                subject text collate "C" primary key, languages text[] not null, categories text[] not null, tiers text[] not null,
                capacity int not null, state text not null default 'away', until_at timestamptz);
            """;

    public void Register(EventHandlers on) =>
        on.On<AgentSet>(
                (a, _, sql) =>
                    sql.Add(
                        """
                        insert into agents (subject, languages, categories, tiers, capacity) values ($1, $2, $3, $4, $5)
                        on conflict (subject) do update set languages = excluded.languages, categories = excluded.categories,
                            tiers = excluded.tiers, capacity = excluded.capacity
                        """,
                        a.Subject,
                        a.Languages.ToArray(),
                        a.Categories.ToArray(),
                        a.Tiers.ToArray(),
                        a.Capacity
                    )
            )
            .On<AgentStateSet>(
                (a, _, sql) =>
                    sql.Add("update agents set state = $2, until_at = $3::timestamptz where subject = $1", a.Subject, a.State, a.Until)
            );
}
