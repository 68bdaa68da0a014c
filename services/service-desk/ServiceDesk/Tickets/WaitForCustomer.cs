namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>The desk waits for the customer's answer: the clocks pause, but not that of the first response.</summary>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record WaitForCustomer(DateTimeOffset? OccurredAt = null)
{
    public static ITicketEvent[] Decide(Ticket ticket, DeskRules rules, DateTimeOffset at) =>
        ticket.Workable().Status switch
        {
            TicketStatus.Waiting => [],
            TicketStatus.Resolved => throw new RuleViolationException("ticket-resolved", "The ticket is solved; reopen it first."),
            _ => [Waiting(ticket, rules.Calendar(ticket.Calendar, at), at)],
        };

    static TicketWaiting Waiting(Ticket ticket, BusinessCalendar calendar, DateTimeOffset at) =>
        new(ticket.CustomerId, ticket.Resolution!.UsedAt(at, calendar), at, ticket.OpenNextUpdate?.UsedAt(at, calendar));

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/wait",
                "Wait for the customer: the clocks pause, but not that of the first response",
                "service-desk.write",
                (Guid id, WaitForCustomer command, Request request, EventStore store, DeskRules rules) =>
                    store.Decide(request, id, command.OccurredAt, (ticket, at) => Decide(ticket, rules, at))
            )
            .Refuses(Desk.Moments)
            .Refuses("ticket-closed", "ticket-resolved");
}
