namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>Assigns a ticket to an agent, or to the caller if none is given.</summary>
/// <param name="Agent">The subject of the agent's token; the caller if left out.</param>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record AssignTicket([property: Agent] string? Agent = null, DateTimeOffset? OccurredAt = null)
{
    public ITicketEvent[] Decide(Ticket ticket, string caller, DateTimeOffset at)
    {
        var agent = ticket.Workable().HandledBy(Agent ?? caller, "agent");
        return ticket.Agent == agent ? [] : [new TicketAssigned(ticket.CustomerId, agent, at, Transferred: ticket.Agent is not null)];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/assign",
                "Assign a ticket to an agent, or to the caller",
                "service-desk.write",
                (Guid id, AssignTicket command, Request request, EventStore store) =>
                    store.Decide(request, id, command.OccurredAt, (ticket, at) => command.Decide(ticket, request.Actor, at))
            )
            .Refuses(Desk.Moments)
            .Refuses("ticket-closed", "complained-about");
}
