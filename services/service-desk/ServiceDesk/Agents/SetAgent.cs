using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Agents;

/// <summary>Says what an agent is able to take. A new agent is away until it is said otherwise.</summary>
/// <param name="Capacity">How many open tickets routing gives them at most, 0 to 1,000.</param>
/// <param name="Languages">Languages that they speak, as codes: <c>zh</c>; empty or left out: any.</param>
/// <param name="Categories">Categories of tickets that they take, as codes: <c>billing</c>; empty or left out: any.</param>
/// <param name="Tiers">Tiers for which they are certified: <c>Gold</c>; counts for those that ask for it (<c>CertifiedTiers</c> of the
/// settings).</param>
public sealed record SetAgent(
    [property: Required, Range(0, 1000)] int? Capacity,
    [property: MaxLength(50)] IReadOnlyList<string>? Languages = null,
    [property: MaxLength(50)] IReadOnlyList<string>? Categories = null,
    [property: MaxLength(50)] IReadOnlyList<string>? Tiers = null
)
{
    static readonly CodeAttribute code = new();

    /// <exception cref="BadRequestException">A word is not what it should be.</exception>
    public void Check()
    {
        foreach (var (field, words) in new[] { ("languages", Languages), ("categories", Categories) })
            if (words?.All(w => w is not null && code.IsValid(w)) == false)
                throw new BadRequestException(field, "codes of lower-case letters, digits and hyphens");
        if (Tiers?.All(new KeyTextAttribute(60).IsValid) == false)
            throw new BadRequestException("tiers", "names of 1 to 60 visible characters");
    }

    public IAgentEvent[] Decide(DeskAgent agent, string subject, DateTimeOffset now)
    {
        var set = new AgentSet(subject, Words(Languages), Words(Categories), Words(Tiers), Capacity!.Value, now);
        return agent.Set?.IsSame(set) == true ? [] : [set];
    }

    static string[] Words(IReadOnlyList<string>? words) => [.. (words ?? []).Distinct().Order(StringComparer.Ordinal)];

    public static void Map(CrmService room) =>
        room.MapPut(
            "agents/{subject}",
            "Say what an agent is able to take",
            "service-desk.agents",
            async ([Agent] string subject, SetAgent command, Request request, EventStore store) =>
            {
                command.Check();
                return request.Done(
                    await store.Write(request, DeskAgent.Of(subject), agent => command.Decide(agent, subject, request.Now))
                );
            }
        );
}
