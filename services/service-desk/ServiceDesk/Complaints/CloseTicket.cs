using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>
/// Closes a solved ticket, which has an outcome (and a complaint its cause). A complaint that was decided needs a corrective action besides
/// if it is critical, or one of a cluster: one for itself, or for the cause since the cluster began.
/// </summary>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record CloseTicket(DateTimeOffset? OccurredAt = null)
{
    // At most a handful of clusters have one category and cause.
    const string Clustered = """
        select exists (
            select from complaints c join ticket_list t using (ticket_id)
                join complaint_clusters k on k.category = c.category and k.cause = coalesce(c.cause, t.cause)
                    and c.opened_at >= k.from_at and c.opened_at < k.until_at
            where c.ticket_id = @id
                and not exists (select from corrective_actions a where a.cause = k.cause and a.set_at >= k.from_at))
        """;

    /// <param name="clustered">Whether it is one of a cluster for whose cause no action is set.</param>
    /// <param name="imported">Closed by an earlier help desk, by its own rules.</param>
    public static ITicketEvent[] Decide(Ticket ticket, DateTimeOffset at, bool clustered = false, bool imported = false) =>
        ticket.Status switch
        {
            TicketStatus.Closed => [],
            TicketStatus.Resolved when ActionMissing(ticket.Complaint, clustered, imported) is { } missing =>
                throw new RuleViolationException("action-missing", missing),
            TicketStatus.Resolved => [new TicketClosed(ticket.CustomerId, at)],
            _ => throw new RuleViolationException(
                "ticket-not-resolved",
                "Only a solved ticket is closed: resolve it with its outcome first."
            ),
        };

    static string? ActionMissing(Complaint? complaint, bool clustered, bool imported) =>
        complaint is not { HasAction: false } ? null
        : !complaint.NeedsDecision && (imported || complaint.Stage != ComplaintStage.Decided) ? null
        : complaint.Severity == "critical"
            ? "A critical complaint is closed once a corrective action is set for it: POST corrective-actions with its ticketId."
        : clustered ? "A complaint of a cluster is closed once a corrective action is set for its cause: POST corrective-actions with that."
        : null;

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/close",
                "Close a solved ticket",
                "service-desk.write",
                async (Guid id, CloseTicket command, Request request, EventStore store, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    var clustered = await db.QuerySingle<bool>(Clustered, new { id }, ct);
                    return await store.Decide(request, id, command.OccurredAt, (ticket, at) => Decide(ticket, at, clustered));
                }
            )
            .Refuses(Desk.Moments)
            .Refuses("ticket-not-resolved", "action-missing");
}
