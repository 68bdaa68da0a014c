namespace CrmPlatform.Segmentation.Customers;

/// <summary>A purchase was never made: it counts no more, as of any day.</summary>
public sealed class OnPurchaseRetracted(Yardsticks yardsticks) : IReaction<Contracts.PurchaseRetracted>
{
    public IEnumerable<Write> React(Contracts.PurchaseRetracted fact, FactContext about)
    {
        if (fact.CustomerId is not { } id)
            return [];
        var purchase = new UncountPurchase(fact.PurchaseId, about.RecordedAt.ToUniversalTime());
        var yardstick = yardsticks.Current;
        return [Write.To(CustomerValue.Of(id), customer => purchase.Decide(customer, yardstick))];
    }
}
