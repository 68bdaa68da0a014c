using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>
/// Gives the customer something for what happened, once of each kind: up to a limit alone, above it as a second person, as somebody else
/// proposed it to the customer. Loyalty awards the points.
/// </summary>
/// <param name="Kind"><c>refund</c>, <c>voucher</c> or <c>points</c>.</param>
/// <param name="Amount">Money in the currency of the installation, or how many points.</param>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record CompensateCustomer(
    [property: Required, OneOf("refund", "voucher", "points")] string Kind,
    [property: Range(0.01, 1_000_000_000)] decimal Amount,
    DateTimeOffset? OccurredAt = null
)
{
    public static readonly string[] Kinds = ["refund", "voucher", "points"];

    public ITicketEvent[] Decide(Ticket ticket, DeskRules rules, string caller, DateTimeOffset at)
    {
        Checked(ticket);
        var limit = rules.AgentLimit(Kind);
        return Amount <= limit
            ? [Granted(ticket, rules, caller, null, at)]
            : throw new RuleViolationException("over-limit", $"{Kind} above {limit} is granted by a second person.", "amount");
    }

    public ITicketEvent[] Approve(Ticket ticket, DeskRules rules, string caller, DateTimeOffset at)
    {
        var proposal = Checked(ticket).Proposal;
        if (proposal?.Kind != Kind || proposal.Amount < Amount)
            throw new RuleViolationException("over-limit", $"So much was not proposed as {Kind} to the customer.", "amount");
        return proposal.By == caller
            ? throw new RuleViolationException("second-person", "Who proposed it does not approve it.")
            : [Granted(ticket, rules, proposal.By, caller, at)];
    }

    /// <summary>What an earlier help desk gave, whatever its limits were. It is not published, so that nobody gives it again.</summary>
    public ITicketEvent[] GivenBefore(Ticket ticket, DeskRules rules, string by, DateTimeOffset at)
    {
        Checked(ticket);
        return [Granted(ticket, rules, by, null, at) with { GivenBefore = true }];
    }

    Complaint Checked(Ticket ticket)
    {
        var complaint = ticket.Complained().Workable().Complaint!;
        if (complaint.Stage == ComplaintStage.Received)
            throw new RuleViolationException("not-assessed", "The complaint must be assessed first.");
        return complaint.Compensated.Contains(Kind)
            ? throw new RuleViolationException("already-compensated", $"The customer got {Kind} for this complaint already.", "kind")
            : complaint;
    }

    CompensationGranted Granted(Ticket ticket, DeskRules rules, string by, string? approvedBy, DateTimeOffset at) =>
        new(ticket.CustomerId, Kind, Amount, Remedy.Currency(Kind, Amount, rules), by, approvedBy, at);

    public static void Map(CrmService room)
    {
        room.MapPost(
                "tickets/{id:guid}/compensate",
                "Compensate the customer, up to the limit",
                "service-desk.complaints.compensate",
                (Guid id, CompensateCustomer command, Request request, EventStore store, DeskRules rules) =>
                    store.Decide(request, id, command.OccurredAt, (ticket, at) => command.Decide(ticket, rules, request.Actor, at))
            )
            .Refuses(Desk.Moments)
            .Refuses("not-a-complaint", "ticket-closed", "not-assessed", "already-compensated", "over-limit", "remedy-amount");

        room.MapPost(
                "tickets/{id:guid}/approve-compensation",
                "Compensate the customer above the limit, as a second person",
                "service-desk.complaints.approve",
                (Guid id, CompensateCustomer command, Request request, EventStore store, DeskRules rules) =>
                    store.Decide(request, id, command.OccurredAt, (ticket, at) => command.Approve(ticket, rules, request.Actor, at))
            )
            .WithName("ApproveCompensation")
            .Refuses(Desk.Moments)
            .Refuses("not-a-complaint", "ticket-closed", "not-assessed", "already-compensated", "over-limit", "remedy-amount")
            .Refuses("second-person");
    }
}
