using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>Counts a purchase, moves the lifecycle with it and scores the customer at once against the latest published run.</summary>
/// <param name="Source">Who told it: the lifecycle clock waits while a source tells of the past.</param>
/// <param name="Channel">Where it was bought.</param>
/// <param name="Lines">What was bought.</param>
public sealed record CountPurchase(
    Guid PurchaseId,
    long Net,
    DateTimeOffset PurchasedAt,
    string? Source = null,
    string? Channel = null,
    IReadOnlyList<LineCounted>? Lines = null
)
{
    public ICustomerEvent[] Decide(CustomerValue customer, Yardstick yardstick)
    {
        if (customer.Forgotten || customer.IndexOf(PurchaseId) >= 0)
            return [];
        if (customer.InGroup)
            return customer.Counted(Counted(customer.DueAt), LifecycleRules.EarlierPurchase, PurchasedAt);
        var judgement = new Judgement(customer);
        if (IsNext(customer))
            Next(judgement, yardstick.Lifecycle);
        else
            Earlier(judgement, yardstick.Lifecycle);
        if (yardstick.Run is { } run)
            judgement.Score(run, yardstick.Business, live: true, PurchasedAt);
        return judgement.Facts;
    }

    PurchaseCounted Counted(DateTimeOffset? due) => new(PurchaseId, Net, PurchasedAt, due, Source, Channel, Lines);

    bool IsNext(CustomerValue customer) =>
        !(customer.LastOrderAt > PurchasedAt) && (customer.Stage is null or LifecycleStage.Prospect || customer.StageSince <= PurchasedAt);

    void Next(Judgement judgement, LifecyclePolicy policy)
    {
        judgement.PassTime(PurchasedAt, policy);
        var (before, after) = (
            judgement.Customer.Stage,
            LifecycleRules.AfterOrder(judgement.Customer.Stage, judgement.Customer.Orders.Length + 1)
        );
        var due = PurchasedAt + policy.Quiet([.. judgement.Customer.OrderInstants(), PurchasedAt]);
        judgement.Add(Counted(due));
        if (after != before)
            judgement.Add(new LifecycleStageChanged(before, after, LifecycleRules.Purchase, PurchasedAt, due));
    }

    /// <summary>
    /// A purchase that became known late. What was said before stays said; the history is replayed for the stage that holds now.
    /// </summary>
    void Earlier(Judgement judgement, LifecyclePolicy policy)
    {
        var customer = judgement.Customer;
        DateTimeOffset[] orders = [.. customer.OrderInstants(), PurchasedAt];
        Array.Sort(orders);
        var said = LifecycleRules.After(customer.StageSince);
        var now = LifecycleRules.Replay(orders, policy, said > orders[^1] ? said : orders[^1])[^1];
        var due = LifecycleRules.Due(now.Stage, orders[^1], policy.Quiet(orders));
        judgement.Add(Counted(due));
        if (now.Stage == customer.Stage)
            return;
        var at = now.At > customer.StageSince ? now.At : customer.StageSince;
        judgement.Add(new LifecycleStageChanged(customer.Stage, now.Stage, LifecycleRules.EarlierPurchase, at, due));
    }
}
