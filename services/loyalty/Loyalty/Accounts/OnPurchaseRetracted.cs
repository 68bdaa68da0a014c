using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>A purchase was never made: its points go as if all that is left of it came back, when that became known.</summary>
public sealed class OnPurchaseRetracted(LoyaltyRules rules) : IReaction<Contracts.PurchaseRetracted>
{
    public IEnumerable<Write> React(Contracts.PurchaseRetracted fact, FactContext about)
    {
        if (fact.CustomerId is { } customer)
            yield return Write.To(
                LoyaltyAccount.Of(customer),
                account =>
                    account.Purchases.TryGetValue(fact.PurchaseId, out var purchase)
                        ? new ReversePoints(
                            NameId.For("retraction", fact.PurchaseId.ToString()),
                            fact.PurchaseId,
                            purchase.Net - purchase.Refunded,
                            about.RecordedAt
                        ).Decide(account, rules)
                        : []
            );
    }
}
