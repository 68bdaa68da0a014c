using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>
/// Somebody looks into an assessed complaint, or takes the investigation over; after a proposal that was not accepted it is opened again.
/// </summary>
/// <param name="Owner">The subject of who does; the caller if it is left out.</param>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record InvestigateComplaint([property: Agent] string? Owner = null, DateTimeOffset? OccurredAt = null)
{
    public ITicketEvent[] Decide(Ticket ticket, string caller, DateTimeOffset at)
    {
        var (complaint, owner) = (ticket.At(ComplaintStep.Investigate), ticket.HandledBy(Owner ?? caller, "owner"));
        return complaint.Stage == ComplaintStage.Investigating && complaint.Owner == owner
            ? []
            : [new InvestigationOpened(ticket.CustomerId, owner, caller, at)];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/investigate",
                "Open or take over the investigation of a complaint",
                "service-desk.complaints.write",
                (Guid id, InvestigateComplaint command, Request request, EventStore store) =>
                    store.Decide(request, id, command.OccurredAt, (ticket, at) => command.Decide(ticket, request.Actor, at))
            )
            .Refuses(Desk.Moments)
            .Refuses("not-a-complaint", "ticket-closed", "ticket-resolved", "already-decided", "proposal-open", "proposal-accepted")
            .Refuses("not-assessed", "rounds-over", "complained-about");
}
