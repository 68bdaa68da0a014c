namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>
/// Marks a ticket as solved. A complaint is decided before, and has the cause of that decision; one that was opened before 0.3 or
/// imported needs its cause here, so that repeat complaints can be counted.
/// </summary>
/// <param name="Outcome">How it was solved, as a code: <c>refunded</c>.</param>
/// <param name="Cause">What caused it, as a code: <c>billing-error</c>; left out of a complaint that was decided.</param>
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
        if (ticket.Complaint is { NeedsDecision: true, Stage: not ComplaintStage.Decided })
            throw new RuleViolationException("not-decided", "The complaint is not decided yet: it is solved once it is.");
        if (ticket.Complaint?.Cause is { } decided && (Cause ?? decided) != decided)
            throw new RuleViolationException("cause-decided", $"The complaint was decided with the cause {decided}.", "cause");
        var cause = ticket.Complaint?.Cause ?? Cause;
        if (ticket.Kind == "complaint" && cause is null)
            throw new RuleViolationException("cause-required", "The cause is missing: a complaint is solved with its cause.", "cause");
        var (clock, calendar) = (ticket.Resolution!, rules.Calendar(ticket.Calendar, at));
        return
        [
            new TicketResolved(
                CustomerId: ticket.CustomerId,
                Outcome: Outcome,
                Cause: cause,
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
            .Refuses("ticket-closed", "ticket-resolved", "not-decided", "cause-decided", "cause-required");
}
