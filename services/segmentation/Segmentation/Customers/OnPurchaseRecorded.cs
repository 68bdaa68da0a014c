namespace CrmPlatform.Segmentation.Customers;

/// <summary>A purchase of a known customer is counted; a guest has no portrait.</summary>
public sealed class OnPurchaseRecorded(Yardsticks yardsticks) : IReaction<Contracts.PurchaseRecorded>
{
    public IEnumerable<Write> React(Contracts.PurchaseRecorded fact, FactContext about)
    {
        if (fact.CustomerId is not { } id)
            return [];
        var (purchase, yardstick) = (
            new CountPurchase(
                fact.PurchaseId,
                MinorUnits.Of(fact.BaseNet, fact.BaseCurrency),
                fact.OccurredAt.ToUniversalTime(),
                fact.Source,
                fact.Channel,
                [.. fact.Lines.Select(line => Counted(line, fact))]
            ),
            yardsticks.Current
        );
        return [Write.To(CustomerValue.Of(id), customer => purchase.Decide(customer, yardstick))];
    }

    static LineCounted Counted(Contracts.PurchaseLine line, Contracts.PurchaseRecorded purchase) =>
        new(line.ProductId, line.Category, line.Brand, MinorUnits.Of(line.Net * purchase.Rate, purchase.BaseCurrency), line.Discount > 0);
}
