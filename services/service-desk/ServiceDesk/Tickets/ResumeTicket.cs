namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>
/// An agent ends the waiting for the customer, who answered elsewhere or is no longer needed: the clocks continue.
/// </summary>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record ResumeTicket(DateTimeOffset? OccurredAt = null)
{
    public static ITicketEvent[] Decide(Ticket ticket, DeskRules rules, DateTimeOffset at) =>
        ticket.Workable().Status == TicketStatus.Waiting
            ? new ITicketEvent[] { Resumed(ticket, rules.Calendar(ticket.Calendar, at), at) }.WithSteps(ticket, rules, at)
            : throw new RuleViolationException("ticket-not-waiting", "The ticket does not wait for the customer.");

    static TicketResumed Resumed(Ticket ticket, BusinessCalendar calendar, DateTimeOffset at) =>
        new(ticket.Resolution!.DueIfResumed(at, calendar), at, ticket.OpenNextUpdate?.DueIfResumed(at, calendar));

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/resume",
                "End the waiting for the customer: the clocks continue",
                "service-desk.write",
                (Guid id, ResumeTicket command, Request request, EventStore store, DeskRules rules) =>
                    store.Decide(request, id, command.OccurredAt, (ticket, at) => Decide(ticket, rules, at))
            )
            .Refuses(Desk.Moments)
            .Refuses("ticket-closed", "ticket-not-waiting");
}
