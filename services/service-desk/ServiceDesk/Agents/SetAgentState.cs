using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Agents;

/// <summary>Says whether an agent takes tickets now: they themselves, or whoever manages agents.</summary>
/// <param name="State"><c>available</c>, <c>busy</c> or <c>away</c>.</param>
/// <param name="Until">When it ends by itself: who was available is away then, everybody else available. Left out: when it is said
/// otherwise.</param>
public sealed record SetAgentState(
    [property: Required, OneOf(DeskAgent.Available, DeskAgent.Busy, DeskAgent.Away)] string State,
    DateTimeOffset? Until = null
)
{
    const string Manage = "service-desk.agents";

    public IAgentEvent[] Decide(DeskAgent agent, string subject, string by, DateTimeOffset now)
    {
        if (agent.Set is null)
            throw new NotFoundException("agent", subject);
        if (Until <= now)
            throw new RuleViolationException("until-passed", "until is not in the future.", "until");
        var until = Until?.ToUniversalTime();
        return (agent.State, agent.Until) == (State, until) ? [] : [new AgentStateSet(subject, State, until, by, now)];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "agents/{subject}/state",
                "Say whether an agent takes tickets now",
                "service-desk.write",
                async ([Agent] string subject, SetAgentState command, Request request, EventStore store, HttpContext http) =>
                {
                    if (subject != request.Actor && !http.User.May(Manage))
                        throw new ForbiddenException(Manage);
                    return request.Done(
                        await store.Write(
                            request,
                            DeskAgent.Of(subject),
                            agent => command.Decide(agent, subject, request.Actor, request.Now)
                        )
                    );
                }
            )
            .Refuses("until-passed");
}
