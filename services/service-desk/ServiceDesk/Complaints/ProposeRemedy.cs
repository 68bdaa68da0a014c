using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>Proposes to the customer what is to be done. A proposal that nobody answers lapses.</summary>
/// <param name="Kind"><c>apology</c>, <c>refund</c>, <c>replace</c>, <c>repair</c>, <c>points</c>, <c>voucher</c> or <c>none</c>.</param>
/// <param name="Until">It may be answered until then.</param>
/// <param name="Amount">Of a refund or voucher, in the currency of the installation; of points, how many. The others have none.</param>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record ProposeRemedy(
    [property: Required, OneOf("apology", "refund", "replace", "repair", "points", "voucher", "none")] string Kind,
    DateTimeOffset Until,
    [property: Range(0.01, 1_000_000_000)] decimal? Amount = null,
    DateTimeOffset? OccurredAt = null
)
{
    public ITicketEvent[] Decide(Ticket ticket, DeskRules rules, string caller, DateTimeOffset at)
    {
        var complaint = ticket.At(ComplaintStep.Propose);
        var currency = Remedy.Currency(Kind, Amount, rules);
        if (Until <= at)
            throw new RuleViolationException("until-passed", $"until must be later than the proposal, {at:O}.", "until");
        return
        [
            new ProposalMade(
                CustomerId: ticket.CustomerId,
                Round: complaint.Rounds + 1,
                Kind: Kind,
                Amount: Amount,
                Currency: currency,
                Until: Until.ToUniversalTime(),
                By: caller,
                OccurredAt: at
            ),
        ];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/propose",
                "Propose to the customer what is to be done about the complaint",
                "service-desk.complaints.write",
                (Guid id, ProposeRemedy command, Request request, EventStore store, DeskRules rules) =>
                    store.Decide(request, id, command.OccurredAt, (ticket, at) => command.Decide(ticket, rules, request.Actor, at))
            )
            .Refuses(Desk.Moments)
            .Refuses("not-a-complaint", "ticket-closed", "ticket-resolved", "already-decided", "proposal-open", "proposal-accepted")
            .Refuses("not-assessed", "not-investigating", "rounds-over", "remedy-amount", "until-passed");
}
