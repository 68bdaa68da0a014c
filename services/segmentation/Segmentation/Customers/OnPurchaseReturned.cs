namespace CrmPlatform.Segmentation.Customers;

/// <summary>Goods that came back are counted against the purchase that they belong to.</summary>
public sealed class OnPurchaseReturned(Yardsticks yardsticks) : IReaction<Contracts.PurchaseReturned>
{
    public IEnumerable<Write> React(Contracts.PurchaseReturned fact, FactContext about)
    {
        if (fact.CustomerId is not { } id)
            return [];
        var goods = new CountReturn(
            fact.PurchaseId,
            fact.ReturnId,
            MinorUnits.Of(fact.BaseNet, fact.BaseCurrency),
            fact.WhollyReturned,
            fact.OccurredAt.ToUniversalTime(),
            fact.Categories?.Select(c => new CategoryReturned(c.Category, MinorUnits.Of(c.BaseNet, fact.BaseCurrency))).ToList()
        );
        var yardstick = yardsticks.Current;
        return [Write.To(CustomerValue.Of(id), customer => goods.Decide(customer, yardstick))];
    }
}
