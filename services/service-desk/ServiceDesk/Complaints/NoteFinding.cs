using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>Adds what the investigation of a complaint found.</summary>
/// <param name="Text">The finding; the customer never sees it.</param>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record NoteFinding(
    [property: Required, StringLength(20_000, MinimumLength = 1)] string Text,
    DateTimeOffset? OccurredAt = null
)
{
    public ITicketEvent[] Decide(Ticket ticket, string caller, DateTimeOffset at)
    {
        ticket.At(ComplaintStep.NoteFinding);
        return [new FindingNoted(ticket.CustomerId, caller, at, Personal.Of(ticket.CustomerId, new MessageText(Text)))];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/findings",
                "Add what the investigation of a complaint found",
                "service-desk.complaints.write",
                (Guid id, NoteFinding command, Request request, EventStore store) =>
                    store.DecideText(request, id, command.OccurredAt, (ticket, at) => command.Decide(ticket, request.Actor, at))
            )
            .Refuses(Desk.Texts)
            .Refuses("not-a-complaint", "ticket-closed", "ticket-resolved", "already-decided", "proposal-open", "proposal-accepted")
            .Refuses("not-assessed", "not-investigating");
}
