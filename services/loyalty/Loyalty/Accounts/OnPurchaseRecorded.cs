namespace CrmPlatform.Loyalty.Accounts;

/// <summary>A customer bought something: points. A guest has no account.</summary>
public sealed class OnPurchaseRecorded(LoyaltyRules rules) : IReaction<Contracts.PurchaseRecorded>
{
    public IEnumerable<Write> React(Contracts.PurchaseRecorded fact, FactContext about)
    {
        if (fact.CustomerId is { } customer)
            yield return Write.To(customer, (LoyaltyAccount account) => new EarnPoints(fact.PurchaseId, fact.BaseNet, fact.OccurredAt).Decide(account, rules));
    }
}
