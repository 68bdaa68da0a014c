using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>
/// Takes a purchase out of the counts, with its returns. The stage becomes the one to which the other orders alone have led; what was said
/// before stays said.
/// </summary>
/// <param name="RetractedAt">When it became known that the purchase was never made.</param>
public sealed record UncountPurchase(Guid PurchaseId, DateTimeOffset RetractedAt)
{
    public ICustomerEvent[] Decide(CustomerValue customer, Yardstick yardstick)
    {
        if (customer.Forgotten)
            return [];
        if (customer.InGroup)
            return customer.Counted(new PurchaseUncounted(PurchaseId, RetractedAt, customer.DueAt), LifecycleRules.Retracted, RetractedAt);
        var judgement = new Judgement(customer);
        // A wholly returned order does not count now, and does as of the days before it came back.
        if (customer.IndexOf(PurchaseId) is var i && i < 0)
            judgement.Add(new PurchaseUncounted(PurchaseId, RetractedAt, customer.DueAt));
        else
            judgement.TakeOut(
                i,
                RetractedAt,
                LifecycleRules.Retracted,
                yardstick.Lifecycle,
                due => new PurchaseUncounted(PurchaseId, RetractedAt, due)
            );
        if (yardstick.Run is { } run)
            judgement.Score(run, yardstick.Business, live: true, RetractedAt);
        return judgement.Facts;
    }
}
