using System.ComponentModel;

namespace CrmPlatform.ServiceDesk.Agents;

/// <summary>An agent, with what they have to do.</summary>
/// <param name="Subject">The subject of their token.</param>
/// <param name="State"><c>available</c>, <c>busy</c> or <c>away</c>, as it is now.</param>
/// <param name="Until">When that ends by itself; null if it does not.</param>
/// <param name="Languages">Languages that they speak; empty: any.</param>
/// <param name="Categories">Categories of tickets that they take; empty: any.</param>
/// <param name="Tiers">Tiers for which they are certified.</param>
/// <param name="Capacity">How many open tickets routing gives them at most.</param>
/// <param name="Open">Tickets that they have and that are open; what waits for the customer is not counted.</param>
/// <param name="Load">The same by priority: an urgent one counts 8, a high one 4, a normal one 2, a low one 1.</param>
/// <param name="Customers">Customers whose dedicated agent they are.</param>
public sealed record AgentView(
    string Subject,
    [property: OneOf("available", "busy", "away")] string State,
    DateTimeOffset? Until,
    IReadOnlyList<string> Languages,
    IReadOnlyList<string> Categories,
    IReadOnlyList<string> Tiers,
    int Capacity,
    int Open,
    int Load,
    int Customers
);

/// <summary>All agents.</summary>
/// <param name="Items">By subject.</param>
public sealed record AgentsView(IReadOnlyList<AgentView> Items);

/// <summary>Lists agents with their state and load.</summary>
static class GetAgents
{
    const string Customers = "select agent, count(*)::int as count from dedications where until_at is null group by agent";

    public static void Map(CrmService room) =>
        room.MapGet(
            "agents",
            "Agents with their state and what they have to do",
            "service-desk.read",
            async (
                [Description("Only those that are available, busy or away now.")] string? state,
                NpgsqlDataSource db,
                TimeProvider clock,
                CancellationToken ct
            ) =>
            {
                QueryWord.OneOf("state", state, [DeskAgent.Available, DeskAgent.Busy, DeskAgent.Away]);
                var now = clock.GetUtcNow();
                var customers = (await db.Query<Dedicated>(Customers, null, ct)).ToDictionary(d => d.Agent, d => d.Count);
                var agents =
                    from a in (await Roster.Read(db, ct)).Agents
                    let current = a.StateAt(now)
                    where state is null || state == current
                    orderby a.Subject
                    select new AgentView(
                        Subject: a.Subject,
                        State: current,
                        Until: a.Until > now ? a.Until : null,
                        Languages: a.Languages,
                        Categories: a.Categories,
                        Tiers: a.Tiers,
                        Capacity: a.Capacity,
                        Open: a.Open,
                        Load: a.Load,
                        Customers: customers.GetValueOrDefault(a.Subject)
                    );
                return new AgentsView([.. agents]);
            }
        );

    sealed record Dedicated(string Agent, int Count);
}
