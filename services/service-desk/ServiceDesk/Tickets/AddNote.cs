namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>Adds a private note.</summary>
/// <param name="Text">The note; the customer never sees it.</param>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record AddNote([property: Required, StringLength(20_000, MinimumLength = 1)] string Text, DateTimeOffset? OccurredAt = null)
{
    public ITicketEvent[] Decide(Ticket ticket, string caller, DateTimeOffset at) =>
        [new NoteAdded(ticket.CustomerId, caller, at, Personal.Of(ticket.CustomerId, new MessageText(Text)))];

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/notes",
                "Add a private note",
                "service-desk.write",
                (Guid id, AddNote command, Request request, EventStore store) =>
                    store.DecideText(request, id, command.OccurredAt, (ticket, at) => command.Decide(ticket, request.Actor, at))
            )
            .Refuses(Desk.Texts);
}
