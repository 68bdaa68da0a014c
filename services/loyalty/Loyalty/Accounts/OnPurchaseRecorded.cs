using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>A customer bought something: points. A guest has no account.</summary>
public sealed class OnPurchaseRecorded(LoyaltyRules rules) : IReaction<Contracts.PurchaseRecorded>
{
    public IEnumerable<Write> React(Contracts.PurchaseRecorded fact, FactContext about)
    {
        if (fact.CustomerId is not { } customer)
            yield break;
        Line[] lines = [.. fact.Lines.Select(l => new Line(l.ProductId, l.Category, l.Net * fact.Rate, l.Brand))];
        yield return Write.To(
            LoyaltyAccount.Of(customer),
            account => new EarnPoints(fact.PurchaseId, fact.BaseNet, fact.OccurredAt, fact.Channel, lines, fact.Rate).Decide(account, rules)
        );
    }
}
