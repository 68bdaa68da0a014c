using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>Counts goods that came back: revenue shrinks, and an order of which nothing is left no longer counts.</summary>
/// <param name="Categories">What it takes from each category; null where that is not known.</param>
public sealed record CountReturn(
    Guid PurchaseId,
    Guid ReturnId,
    long Net,
    bool WhollyReturned,
    DateTimeOffset ReturnedAt,
    IReadOnlyList<CategoryReturned>? Categories = null
)
{
    public ICustomerEvent[] Decide(CustomerValue customer, Yardstick yardstick)
    {
        var i = customer.IndexOf(PurchaseId);
        if (customer.Forgotten || i < 0)
            return [];
        if (customer.InGroup)
            return customer.Counted(Counted(customer.DueAt), LifecycleRules.Returned, ReturnedAt);
        var judgement = new Judgement(customer);
        if (WhollyReturned)
            judgement.TakeOut(i, ReturnedAt, LifecycleRules.Returned, yardstick.Lifecycle, Counted);
        else
            judgement.Add(Counted(customer.DueAt));
        if (yardstick.Run is { } run)
            judgement.Score(run, yardstick.Business, live: true, ReturnedAt);
        return judgement.Facts;
    }

    ReturnCounted Counted(DateTimeOffset? due) => new(PurchaseId, ReturnId, Net, WhollyReturned, ReturnedAt, due, Categories);
}
