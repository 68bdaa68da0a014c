namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>
/// Reopens a solved ticket under its id; the clocks continue with the time that remained, and a met first response stays met.
/// </summary>
/// <param name="Reason">Why, as a code: <c>not-solved</c>.</param>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record ReopenTicket([property: Required, Code] string Reason, DateTimeOffset? OccurredAt = null)
{
    public const string CustomerReplied = "customer-replied";

    public ITicketEvent[] Decide(Ticket ticket, DeskRules rules, DateTimeOffset at)
    {
        if (ticket.ResolvedAt is not { } resolvedAt)
            throw new RuleViolationException("ticket-not-resolved", "The ticket is open; only a solved ticket can be reopened.");
        if (at > resolvedAt + rules.ReopenWithin)
            throw new RuleViolationException(
                "reopen-window-over",
                $"The ticket was solved more than {rules.ReopenWithin.TotalDays:0} days ago: open a new one."
            );
        var calendar = rules.Calendar(ticket.Calendar, at);
        ITicketEvent[] facts =
        [
            new TicketReopened(
                CustomerId: ticket.CustomerId,
                Reason: Reason,
                ResolutionDueAt: ticket.Resolution!.DueIfResumed(at, calendar),
                OccurredAt: at,
                NextUpdateDueAt: ticket.OpenNextUpdate?.DueIfResumed(at, calendar)
            ),
        ];
        return facts.WithSteps(ticket, rules, at);
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/reopen",
                "Reopen a solved ticket",
                "service-desk.write",
                (Guid id, ReopenTicket command, Request request, EventStore store, DeskRules rules) =>
                    store.Decide(request, id, command.OccurredAt, (ticket, at) => command.Decide(ticket, rules, at))
            )
            .Refuses(Desk.Moments)
            .Refuses("ticket-not-resolved", "reopen-window-over");
}
