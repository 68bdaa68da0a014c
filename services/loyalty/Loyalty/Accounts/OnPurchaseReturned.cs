using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Goods came back: their points go.</summary>
public sealed class OnPurchaseReturned(LoyaltyRules rules) : IReaction<Contracts.PurchaseReturned>
{
    public IEnumerable<Write> React(Contracts.PurchaseReturned fact, FactContext about)
    {
        if (fact.CustomerId is { } customer)
            yield return Write.To(
                LoyaltyAccount.Of(customer),
                account => new ReversePoints(fact.ReturnId, fact.PurchaseId, fact.BaseNet, fact.OccurredAt).Decide(account, rules)
            );
    }
}
