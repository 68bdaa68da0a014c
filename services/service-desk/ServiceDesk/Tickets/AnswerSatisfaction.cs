namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>The customer says how satisfied they are with the solution (CSAT, 1 to 5), once for each solution.</summary>
public sealed record AnswerSatisfaction([property: Range(1, 5)] int Score, DateTimeOffset? OccurredAt = null)
{
    public ITicketEvent[] Decide(Ticket ticket, DateTimeOffset at) =>
        ticket switch
        {
            { ResolvedAt: null } => throw new RuleViolationException("ticket-not-resolved", "There is no solution to judge yet."),
            { SatisfactionAnswered: true } => throw new RuleViolationException("already-answered", "This solution was judged already."),
            _ => [new SatisfactionAnswered(ticket.CustomerId, Score, at)],
        };

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost(
                "/api/service-desk/tickets/{id:guid}/satisfaction",
                (Guid id, AnswerSatisfaction command, Request request, EventStore store) =>
                    store.Decide(request, id, command.OccurredAt, command.Decide)
            )
            .RequirePermission("service-desk.write")
            .Idempotent()
            .WithName("AnswerSatisfaction")
            .WithSummary("Note how satisfied the customer is with the solution")
            .WithTags("tickets")
            .Produces<Changed>()
            .ProducesProblem(404)
            .Refuses(Desk.Moments)
            .Refuses("ticket-not-resolved", "already-answered");
}
