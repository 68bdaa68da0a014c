namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>Marks a ticket as solved. A complaint also needs its cause, so that repeat complaints can be counted.</summary>
/// <param name="Outcome">How it was solved, as a code: <c>refunded</c>.</param>
/// <param name="Cause">What caused it, as a code: <c>billing-error</c>; a complaint needs one.</param>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record ResolveTicket(
    [property: Required, Code] string Outcome,
    [property: Code] string? Cause = null,
    DateTimeOffset? OccurredAt = null
)
{
    public ITicketEvent[] Decide(Ticket ticket, DeskRules rules, DateTimeOffset at)
    {
        if (ticket.Workable().Status == TicketStatus.Resolved)
            throw new RuleViolationException("ticket-resolved", "The ticket is solved already.");
        if (ticket.Kind == "complaint" && Cause is null)
            throw new RuleViolationException("cause-required", "The cause is missing: a complaint is solved with its cause.", "cause");
        var (clock, calendar) = (ticket.Resolution!, rules.Calendar(ticket.Calendar));
        return
        [
            new TicketResolved(
                CustomerId: ticket.CustomerId,
                Outcome: Outcome,
                Cause: Cause,
                Used: clock.UsedAt(at, calendar),
                OccurredAt: at,
                // The customer has not heard of it yet: only a reply meets the first response.
                MeetsFirstResponse: false,
                DueAt: clock.DueAt ?? clock.DueIfResumed(at, calendar),
                // Nor has it answered their last message.
                NextUpdateUsed: ticket.OpenNextUpdate?.UsedAt(at, calendar)
            ),
        ];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/resolve",
                "Mark a ticket as solved",
                "service-desk.write",
                (Guid id, ResolveTicket command, Request request, EventStore store, DeskRules rules) =>
                    store.Decide(request, id, command.OccurredAt, (ticket, at) => command.Decide(ticket, rules, at))
            )
            .Refuses(Desk.Moments)
            .Refuses("ticket-closed", "ticket-resolved", "cause-required");
}
