namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>
/// Closes a solved ticket, which has an outcome (and a complaint its cause). A critical complaint that was decided needs a corrective
/// action besides.
/// </summary>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record CloseTicket(DateTimeOffset? OccurredAt = null)
{
    /// <param name="imported">Closed by an earlier help desk, by its own rules.</param>
    public static ITicketEvent[] Decide(Ticket ticket, DateTimeOffset at, bool imported = false) =>
        ticket.Status switch
        {
            TicketStatus.Closed => [],
            TicketStatus.Resolved
                when ticket.Complaint is { Severity: "critical", HasAction: false } complaint
                    && (complaint.NeedsDecision || !imported && complaint.Stage == ComplaintStage.Decided) =>
                throw new RuleViolationException(
                    "action-missing",
                    "A critical complaint is closed once a corrective action is set for it: POST corrective-actions with its ticketId."
                ),
            TicketStatus.Resolved => [new TicketClosed(ticket.CustomerId, at)],
            _ => throw new RuleViolationException(
                "ticket-not-resolved",
                "Only a solved ticket is closed: resolve it with its outcome first."
            ),
        };

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/close",
                "Close a solved ticket",
                "service-desk.write",
                (Guid id, CloseTicket command, Request request, EventStore store) =>
                    store.Decide(request, id, command.OccurredAt, (ticket, at) => Decide(ticket, at))
            )
            .Refuses(Desk.Moments)
            .Refuses("ticket-not-resolved", "action-missing");
}
