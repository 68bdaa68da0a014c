using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>Counts goods that came back: revenue shrinks, and an order of which nothing is left no longer counts.</summary>
public sealed record CountReturn(Guid PurchaseId, Guid ReturnId, long Net, bool WhollyReturned, DateTimeOffset ReturnedAt)
{
    public ICustomerEvent[] Decide(CustomerValue customer, Yardstick yardstick)
    {
        var i = customer.IndexOf(PurchaseId);
        if (customer.Forgotten || i < 0)
            return [];
        var judgement = new Judgement(customer);
        if (WhollyReturned)
            Revert(judgement, i, yardstick.Lifecycle);
        else
            judgement.Add(new ReturnCounted(PurchaseId, ReturnId, Net, WhollyReturned, ReturnedAt, customer.DueAt));
        if (yardstick.Run is { } run)
            judgement.Score(run, yardstick.Business, live: true, ReturnedAt);
        return judgement.Facts;
    }

    /// <summary>The stage that the remaining orders alone would have led to; a customer without any is a prospect again.</summary>
    void Revert(Judgement judgement, int i, LifecyclePolicy policy)
    {
        var customer = judgement.Customer;
        var orders = customer.OrderInstants();
        orders = [.. orders[..i], .. orders[(i + 1)..]];
        var known = ReturnedAt > customer.StageSince ? ReturnedAt : customer.StageSince;
        var stage = orders.Length == 0 ? LifecycleStage.Prospect : LifecycleRules.Replay(orders, policy, known)[^1].Stage;
        var due = orders.Length == 0 ? null : LifecycleRules.Due(stage, orders[^1], policy.Quiet(orders));
        judgement.Add(new ReturnCounted(PurchaseId, ReturnId, Net, WhollyReturned, ReturnedAt, due));
        if (stage != customer.Stage)
            judgement.Add(new LifecycleStageChanged(customer.Stage, stage, LifecycleRules.Returned, known, due));
    }
}
