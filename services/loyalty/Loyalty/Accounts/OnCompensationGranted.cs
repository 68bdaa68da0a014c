using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>The service desk compensates a member with points: awarded once for each ticket, by the name <c>compensation</c>.</summary>
public sealed class OnCompensationGranted(LoyaltyRules rules) : IReaction<Contracts.CompensationGranted>
{
    public IEnumerable<Write> React(Contracts.CompensationGranted fact, FactContext about) =>
        fact.Points is > 0 and var points
            ?
            [
                Write.To(
                    LoyaltyAccount.Of(fact.CustomerId),
                    account => new AwardPoints(fact.TicketId, Occasion.Compensation, points, fact.OccurredAt).Decide(account, rules)
                ),
            ]
            : [];
}
