namespace CrmPlatform.ServiceDesk.Agents;

/// <summary>Registers this folder: agents, whose customers are whose, and who takes a ticket.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<DeskAgent, IAgentEvent>("agent");
        room.Aggregate<Dedication, IDedicationEvent>("dedication");
        room.Aggregate<RoutingDesk, TicketRouted>("desk", snapshots: 1);
        room.Inline<AgentList>();
        room.Inline<AgentTurns>();
        room.Inline<DedicationList>();
        room.Services.AddSingleton<Router>();
        room.Subscribe<ReleaseForgotten>();

        SetAgent.Map(room);
        SetAgentState.Map(room);
        GetAgents.Map(room);
        DedicateAgent.Map(room);
        GetDedication.Map(room);
        RouteTicket.Map(room);
        ClaimTicket.Map(room);
    }
}
