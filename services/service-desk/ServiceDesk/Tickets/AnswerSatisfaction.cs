namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>The customer says how satisfied they are with the solution (CSAT, 1 to 5), once for each solution.</summary>
/// <param name="Score">1 (worst) to 5 (best).</param>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record AnswerSatisfaction([property: Range(1, 5)] int Score, DateTimeOffset? OccurredAt = null)
{
    public ITicketEvent[] Decide(Ticket ticket, DateTimeOffset at) =>
        ticket switch
        {
            { ResolvedAt: null } => throw new RuleViolationException("ticket-not-resolved", "The ticket is not solved yet."),
            { SatisfactionAnswered: true } => throw new RuleViolationException("already-answered", "This solution was rated already."),
            _ => [new SatisfactionAnswered(ticket.CustomerId, Score, at)],
        };

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/satisfaction",
                "Record the customer's satisfaction with the solution",
                "service-desk.customer",
                (Guid id, AnswerSatisfaction command, Request request, EventStore store) =>
                    store.Decide(request, id, command.OccurredAt, command.Decide)
            )
            .Refuses(Desk.Moments)
            .Refuses("ticket-not-resolved", "already-answered");
}
