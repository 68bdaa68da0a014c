using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Agents;

/// <summary>Makes a customer that of one agent, or of nobody.</summary>
/// <param name="Agent">The subject of their token.</param>
/// <param name="Deputy">Who stands in for them: another agent; left out: nobody.</param>
public sealed record DedicateAgent([property: Required, Agent] string Agent, [property: Agent] string? Deputy = null)
{
    const string Route = "customers/{id:guid}/dedicated-agent";

    /// <param name="certifiedTier">The customer's tier if it asks for a certificate, else null.</param>
    /// <returns>What happens to the dedication; nothing if it is so already.</returns>
    public IDedicationEvent[] Decide(
        Guid customerId,
        Dedication dedication,
        DeskAgent agent,
        DeskAgent? deputy,
        string? certifiedTier,
        DateTimeOffset now
    )
    {
        if (dedication == new Dedication(Agent, Deputy))
            return [];
        Able(agent, "agent");
        if (deputy is not null)
            Able(deputy, "deputy");
        if (dedication.Agent != Agent && agent.Customers.Count >= DeskAgent.MostCustomers)
            throw new RuleViolationException(
                "agent-full",
                $"They have {DeskAgent.MostCustomers} customers, the most there may be.",
                "agent"
            );
        return [new AgentDedicated(customerId, Agent, Deputy, now)];

        void Able(DeskAgent who, string field)
        {
            if (who.Set is null)
                throw new RuleViolationException("agent-unknown", "There is no such agent.", field);
            if (certifiedTier is not null && !who.Set.Tiers.Contains(certifiedTier))
                throw new RuleViolationException("agent-not-certified", $"They are not certified for {certifiedTier}.", field);
        }
    }

    public static IDedicationEvent[] Release(Guid customerId, Dedication dedication, DateTimeOffset now) =>
        dedication.Agent is null ? [] : [new AgentReleased(customerId, now)];

    public static void Map(CrmService room)
    {
        room.MapPut(
                Route,
                "Give a customer an agent of their own",
                "service-desk.agents",
                async (
                    Guid id,
                    DedicateAgent command,
                    Request request,
                    EventStore store,
                    NpgsqlDataSource db,
                    Registered registered,
                    DeskRules rules,
                    HttpContext http,
                    CancellationToken ct
                ) =>
                {
                    if (command.Deputy == command.Agent)
                        throw new BadRequestException("deputy", "another agent");
                    var standing =
                        await Standing.Of(db, id, ct)
                        ?? await registered.Ask(id, http)
                        ?? throw new RuleViolationException("customer-unknown", "There is no such customer.", "customerId");
                    if (standing.Forgotten)
                        throw new RuleViolationException("customer-forgotten", "The customer was forgotten.", "customerId");
                    var tier = rules.NeedsCertificate(standing.Tier) ? standing.Tier : null;
                    return request.Done(
                        await Write(
                            store,
                            request,
                            id,
                            [command.Agent, .. command.Deputy is { } d ? [d] : Array.Empty<string>()],
                            (dedication, agents) =>
                                command.Decide(
                                    id,
                                    dedication,
                                    agents[command.Agent],
                                    command.Deputy is { } deputy ? agents[deputy] : null,
                                    tier,
                                    request.Now
                                )
                        )
                    );
                }
            )
            .Refuses("agent-unknown", "agent-full", "agent-not-certified", "customer-unknown", "customer-forgotten");

        room.MapDelete(
                Route,
                "Let a customer have no agent of their own",
                "service-desk.agents",
                async (Guid id, Request request, EventStore store) =>
                    request.Done(await Write(store, request, id, [], (dedication, _) => Release(id, dedication, request.Now)))
            )
            .WithName("ReleaseAgent");
    }

    /// <summary>Decides with the agents that are named and the one who has the customer, whose number of customers changes too.</summary>
    internal static async Task<WriteResult> Write(
        EventStore store,
        Request request,
        Guid customerId,
        string[] named,
        Func<Dedication, Dictionary<string, DeskAgent>, IDedicationEvent[]> decide
    )
    {
        while (true)
        {
            var (before, _) = await store.Read(Dedication.Of(customerId), request.Cancelled);
            string[] subjects = [.. named.Append(before.Agent).OfType<string>().Distinct()];
            try
            {
                return await store.Write(
                    request,
                    EventSourcing.Write.To(
                        Dedication.Of(customerId),
                        [.. subjects.Select(DeskAgent.Of)],
                        (dedication, agents) =>
                        {
                            var (old, by) = (dedication.State.Agent, subjects.Zip(agents).ToDictionary(a => a.First, a => a.Second));
                            if (old != before.Agent)
                                throw new OtherAgentException();
                            dedication.Append(decide(dedication.State, by.ToDictionary(a => a.Key, a => a.Value.State)));
                            var (now, at) = (dedication.State.Agent, request.Now);
                            if (now == old)
                                return;
                            if (old is not null)
                                by[old].Append(new CustomerLeft(customerId, at));
                            if (now is not null)
                                by[now].Append(new CustomerTaken(customerId, at));
                        }
                    )
                );
            }
            catch (OtherAgentException)
            {
                request.Cancelled.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Somebody else got the customer since it was read who has them.</summary>
    sealed class OtherAgentException() : Exception("The customer was given to somebody else meanwhile.");
}
