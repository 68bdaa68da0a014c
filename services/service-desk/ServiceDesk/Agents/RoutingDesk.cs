namespace CrmPlatform.ServiceDesk.Agents;

/// <summary>A ticket was given to an agent by rule.</summary>
/// <param name="Reason"><c>dedicated</c>, <c>deputy</c> or <c>least-loaded</c>.</param>
public sealed record TicketRouted(Guid TicketId, string Agent, string Reason, DateTimeOffset OccurredAt);

/// <summary>
/// All tickets are routed in this one stream, one after the other, so that each decision knows of those before it. Its version is their
/// number.
/// </summary>
public sealed record RoutingDesk : IAggregate<RoutingDesk, TicketRouted>
{
    public static RoutingDesk Initial { get; } = new();

    public static Stream<RoutingDesk, TicketRouted> Stream { get; } = new(NameId.For("desk"));

    public RoutingDesk Evolve(TicketRouted e) => this;
}

/// <summary>View of when each agent was given a ticket by rule last, and with which version of <see cref="RoutingDesk"/>.</summary>
public sealed class AgentTurns : IProjection
{
    public string Name => "agent-turns";

    public string Ddl =>
        """
            create table if not exists agent_turns (
                subject text collate "C" primary key, routed_at timestamptz not null, version bigint not null);
            """;

    public void Register(EventHandlers on) =>
        on.On<TicketRouted>(
            (t, e, sql) =>
                sql.Add(
                    """
                    insert into agent_turns (subject, routed_at, version) values ($1, $2, $3)
                    on conflict (subject) do update set routed_at = excluded.routed_at, version = excluded.version
                    """,
                    t.Agent,
                    t.OccurredAt,
                    e.Version
                )
        );
}
