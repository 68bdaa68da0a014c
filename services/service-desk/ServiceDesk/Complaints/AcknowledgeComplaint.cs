using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>
/// Records that the customer was told that their complaint has arrived. It is no first response; the first public reply of a person
/// acknowledges, too. Acknowledged twice is acknowledged once.
/// </summary>
/// <param name="Channel">How they were told, as a code: <c>email</c>.</param>
/// <param name="Automatic">No person told them.</param>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record AcknowledgeComplaint(
    [property: Required, Code] string Channel,
    bool Automatic = false,
    DateTimeOffset? OccurredAt = null
)
{
    public ITicketEvent[] Decide(Ticket ticket, DeskRules rules, string caller, DateTimeOffset at) =>
        ticket.Workable().Complained().IsAcknowledged
            ? []
            :
            [
                new ComplaintAcknowledged(
                    CustomerId: ticket.CustomerId,
                    Channel: Channel,
                    Automatic: Automatic,
                    Author: caller,
                    Used: ticket.Acknowledgement?.UsedAt(at, rules.Calendar(ticket.Calendar, at)),
                    OccurredAt: at
                ),
            ];

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/acknowledge",
                "Acknowledge a complaint",
                "service-desk.write",
                (Guid id, AcknowledgeComplaint command, Request request, EventStore store, DeskRules rules) =>
                    store.Decide(request, id, command.OccurredAt, (ticket, at) => command.Decide(ticket, rules, request.Actor, at))
            )
            .Refuses(Desk.Moments)
            .Refuses("ticket-closed", "not-a-complaint");
}
