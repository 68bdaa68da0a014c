namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>Closes a solved ticket; outcome and cause are known by then.</summary>
public sealed record CloseTicket(DateTimeOffset? OccurredAt = null)
{
    public static ITicketEvent[] Decide(Ticket ticket, DateTimeOffset at) =>
        ticket.Status switch
        {
            TicketStatus.Closed => [],
            TicketStatus.Resolved => [new TicketClosed(ticket.CustomerId, at)],
            _ => throw new RuleViolationException(
                "ticket-not-resolved",
                "Only a solved ticket is closed: resolve it with its outcome first."
            ),
        };

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost(
                "/api/service-desk/tickets/{id:guid}/close",
                (Guid id, CloseTicket command, Request request, EventStore store) => store.Decide(request, id, command.OccurredAt, Decide)
            )
            .RequirePermission("service-desk.write")
            .Idempotent()
            .WithName("CloseTicket")
            .WithSummary("Close a solved ticket")
            .WithTags("tickets")
            .Produces<Changed>()
            .ProducesProblem(404)
            .Refuses(Desk.Moments)
            .Refuses("ticket-not-resolved");
}
