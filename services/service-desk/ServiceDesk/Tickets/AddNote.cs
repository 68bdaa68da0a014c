namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>Adds a private note.</summary>
public sealed record AddNote([property: Required, StringLength(20_000, MinimumLength = 1)] string Text, DateTimeOffset? OccurredAt = null)
{
    public ITicketEvent[] Decide(Ticket ticket, string caller, DateTimeOffset at) => [new NoteAdded(ticket.CustomerId, caller, at, Personal.Of(ticket.CustomerId, new MessageText(Text)))];

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/api/service-desk/tickets/{id:guid}/notes",
        (Guid id, AddNote command, IfMatch ifMatch, HttpContext http, EventStore store, TimeProvider clock, CancellationToken ct) =>
            store.Decide(id, ifMatch, command.OccurredAt, clock.GetUtcNow(), (ticket, at) => command.Decide(ticket, http.Caller(), at), ct))
        .RequirePermission("service-desk.write").Idempotent().WithName("AddNote").WithSummary("Add a private note").WithTags("tickets").Produces<Changed>().ProducesProblem(404).Refuses(Desk.Moments);
}
