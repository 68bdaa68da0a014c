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
        !(customer.LastOrderAt > PurchasedAt)
        && (customer.Stage is null or LifecycleStage.Prospect or LifecycleStage.Engaged || customer.StageSince <= PurchasedAt);

    void Next(Judgement judgement, LifecyclePolicy policy)
    {
        judgement.PassTime(PurchasedAt, policy);
        var (customer, until) = (judgement.Customer, LifecycleRules.After(PurchasedAt));
        var steps = LifecycleRules.Replay([.. customer.OrderInstants(), PurchasedAt], customer.Marks, policy);
        var (now, due) = (steps.Before(until)!.Value, steps.DueFrom(until));
        judgement.Add(Counted(due));
        if (now.Stage == customer.Stage)
            return;
        // A first order may be older than when the customer became known.
        var cause = now.At == PurchasedAt ? now.Cause : LifecycleRules.Purchase;
        judgement.Add(new LifecycleStageChanged(customer.Stage, now.Stage, cause, PurchasedAt, due, now.Reason));
    }

    /// <summary>
    /// A purchase that became known late. What was said before stays said; the history is replayed for the stage that holds now.
    /// </summary>
    void Earlier(Judgement judgement, LifecyclePolicy policy)
    {
        var customer = judgement.Customer;
        DateTimeOffset[] orders = [.. customer.OrderInstants(), PurchasedAt];
        Array.Sort(orders);
        var known = orders[^1] > customer.StageSince ? orders[^1] : customer.StageSince;
        judgement.Restate(
            LifecycleRules.Replay(orders, customer.Marks, policy),
            LifecycleRules.After(known),
            LifecycleRules.EarlierPurchase,
            fact: Counted
        );
    }
}
