using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>What the latest published run measured with.</summary>
public sealed record PublishedRun(Guid Id, RfmScale Rfm, AbcScale Abc);

/// <summary>
/// What customers are judged by at this moment: the company's calendar, its patience, the cut-off values of the latest published run.
/// </summary>
public sealed record Yardstick(Business Business, LifecyclePolicy Lifecycle, PublishedRun? Run);

/// <summary>The facts of one decision, gathered while the state follows them.</summary>
sealed class Judgement(CustomerValue customer)
{
    public const string NoNetOrders = "no-net-orders";

    readonly List<ICustomerEvent> facts = [];

    public CustomerValue Customer { get; private set; } = customer;

    public ICustomerEvent[] Facts => [.. facts];

    public void Add(ICustomerEvent fact)
    {
        facts.Add(fact);
        Customer = Customer.Evolve(fact);
    }

    /// <summary>Steps of the clock that were due before an instant.</summary>
    public void PassTime(DateTimeOffset until, LifecyclePolicy policy)
    {
        if (Customer.LastOrderAt is not { } last || !(Customer.DueAt < until))
            return;
        var quiet = policy.Quiet(Customer.OrderInstants());
        foreach (var step in LifecycleRules.Silence(Customer.Stage, last, quiet, until))
            Add(new LifecycleStageChanged(Customer.Stage, step.Stage, step.Cause, step.At, LifecycleRules.Due(step.Stage, last, quiet)));
    }

    /// <summary>
    /// An order counts no more: the stage that the remaining orders alone would have led to; a customer without any is a prospect again.
    /// </summary>
    /// <param name="at">When that became known.</param>
    /// <param name="counted">The fact, with the instant when silence next changes the stage.</param>
    public void TakeOut(int order, DateTimeOffset at, string cause, LifecyclePolicy policy, Func<DateTimeOffset?, ICustomerEvent> counted)
    {
        var (before, orders) = (Customer, Customer.OrderInstants());
        orders = [.. orders[..order], .. orders[(order + 1)..]];
        var known = at > before.StageSince ? at : before.StageSince;
        var stage =
            orders.Length == 0 ? LifecycleStage.Prospect : LifecycleRules.Replay(orders, policy, LifecycleRules.After(known))[^1].Stage;
        var due = orders.Length == 0 ? null : LifecycleRules.Due(stage, orders[^1], policy.Quiet(orders));
        Add(counted(due));
        if (stage != before.Stage)
            Add(new LifecycleStageChanged(before.Stage, stage, cause, known, due));
    }

    /// <summary>The customer has no scores and no grade any more.</summary>
    /// <param name="run">The one in force; null before the first.</param>
    public void Leave(string reason, PublishedRun? run, DateTimeOffset at)
    {
        if (Customer.ScoredAt > at)
            at = Customer.ScoredAt;
        if (Customer.Segment is { } former)
            Add(new SegmentLeft(former, SegmentGrid.Version, reason, at));
        // For those who listen to grades only.
        if (Customer.Grade is "A" or "B" && run is not null)
            Add(new AbcGradeChanged(Customer.Grade, "C", run.Id, at));
        if (Customer.Scores is not null || Customer.Grade is not null)
            Add(new PopulationLeft(reason, at));
    }

    /// <summary>Scores of the present metrics against a run; only what changed is said. Dates never run backwards.</summary>
    public void Score(PublishedRun run, Business business, bool live, DateTimeOffset at)
    {
        // A replica that has not heard of the newest run yet must not score by an older one.
        if (Customer.Forgotten || Customer.ScoredAsOf > run.Rfm.AsOf)
            return;
        if (Customer.ScoredAt > at)
            at = Customer.ScoredAt;
        if (Customer.LastOrderAt is not { } last)
        {
            Leave(NoNetOrders, run, at);
            return;
        }
        if (last > at)
            at = last;
        var metrics = new Metrics(business.DayOf(last), Customer.Orders.Length, Customer.Revenue);
        var (scores, type) = (run.Rfm.Score(metrics), run.Rfm.ChineseType(metrics));
        var (before, segment) = (Customer.Segment, SegmentGrid.Of(scores));
        if (scores == Customer.Scores && type == Customer.ChineseType && segment == before)
            return;
        Add(
            new RfmScored(
                Recency: scores.Recency,
                Frequency: scores.Frequency,
                Monetary: scores.Monetary,
                Segment: segment,
                ChineseType: type,
                RunId: run.Id,
                AsOf: run.Rfm.AsOf,
                Live: live,
                OccurredAt: at
            )
        );
        if (segment == before)
            return;
        var reason = $"R={scores.Recency};F={scores.Frequency};M={scores.Monetary};as-of={run.Rfm.AsOf:O}";
        if (before is not null)
            Add(new SegmentLeft(before, SegmentGrid.Version, reason, at));
        Add(new SegmentEntered(segment, SegmentGrid.Version, reason, at));
    }
}
