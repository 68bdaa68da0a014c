using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>
/// Decides an assessed complaint, with its cause. Whose proposal the customer rejected does not decide. A complaint that the customer
/// withdraws is decided at any time.
/// </summary>
/// <param name="Outcome"><c>upheld</c>, <c>partly</c>, <c>rejected</c> or <c>withdrawn</c>.</param>
/// <param name="Cause">What caused it: one of the causes of <c>GET complaints/causes</c>, like <c>billing-error</c>.</param>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record DecideComplaint(
    [property: Required, OneOf("upheld", "partly", "rejected", "withdrawn")] string Outcome,
    [property: Required, Code] string Cause,
    DateTimeOffset? OccurredAt = null
)
{
    public static readonly string[] Outcomes = ["upheld", "partly", "rejected", "withdrawn"];

    public ITicketEvent[] Decide(Ticket ticket, DeskRules rules, string caller, DateTimeOffset at)
    {
        var complaint = ticket.At(Outcome == "withdrawn" ? ComplaintStep.Withdraw : ComplaintStep.Decide);
        if (complaint.RejectedOf.Contains(caller))
            throw new RuleViolationException(
                "second-person",
                "The customer rejected your proposal: somebody else looks at the complaint and decides it."
            );
        return
        [
            new ComplaintDecided(
                CustomerId: ticket.CustomerId,
                Outcome: Outcome,
                Cause: rules.Cause(Cause),
                Severity: complaint.Severity,
                By: caller,
                Used: ticket.Resolution!.UsedAt(at, rules.Calendar(ticket.Calendar, at)),
                OccurredAt: at
            ),
        ];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/decide",
                "Decide a complaint",
                "service-desk.complaints.decide",
                (Guid id, DecideComplaint command, Request request, EventStore store, DeskRules rules) =>
                    store.Decide(request, id, command.OccurredAt, (ticket, at) => command.Decide(ticket, rules, request.Actor, at))
            )
            .Refuses(Desk.Moments)
            .Refuses(
                "not-a-complaint",
                "ticket-closed",
                "ticket-resolved",
                "already-decided",
                "proposal-open",
                "not-assessed",
                "second-person",
                "cause-unknown"
            );
}
