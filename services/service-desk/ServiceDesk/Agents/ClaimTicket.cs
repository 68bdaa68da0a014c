using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Agents;

/// <summary>The caller takes a ticket that nobody has: of several at once one gets it.</summary>
public sealed record ClaimTicket
{
    public static ITicketEvent[] Decide(Ticket ticket, string caller, DateTimeOffset at) =>
        ticket.Workable().Agent == caller ? []
        : ticket.Agent is not null ? throw Taken(ticket)
        : [new TicketAssigned(ticket.CustomerId, caller, at, Reason: "claimed")];

    internal static DuplicateException Taken(Ticket ticket) => new DuplicateException("taken", $"The ticket is {ticket.Agent}'s.", "agent");

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/claim",
                "Take a ticket that nobody has",
                "service-desk.write",
                (Guid id, ClaimTicket command, Request request, EventStore store) =>
                    store.Decide(request, id, null, (ticket, at) => Decide(ticket, request.Actor, at))
            )
            .Duplicates("taken")
            .Refuses("ticket-closed");
}
