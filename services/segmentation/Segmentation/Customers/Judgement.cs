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

    /// <summary>
    /// Steps that were due before an instant: of the clock, and those that what is known, but for orders, has led to. None is dated before
    /// what was said already, so time never runs backwards.
    /// </summary>
    public void PassTime(DateTimeOffset until, LifecyclePolicy policy)
    {
        if (Customer.DueAt is not { } due || due >= until)
            return;
        var (steps, known) = (Customer.Steps(policy), Customer.KnownThrough);
        for (var i = 0; i < steps.Count && steps[i].At < until; i++)
            if (steps[i] is var step && (step.At >= due || step.At > known) && step.Stage != Customer.Stage)
                Say(step, step.Cause, step.At, i + 1 < steps.Count ? steps[i + 1].At : null);
    }

    /// <summary>
    /// The stage that all that is known by an instant means, as one step: what was said before stays said. A customer of whom nothing is
    /// left is a prospect again.
    /// </summary>
    /// <param name="at">Its instant; null for that at which the stage began, if it began later than the one before.</param>
    /// <param name="fact">What became known, with the instant when time next changes the stage.</param>
    public void Restate(
        IReadOnlyList<StageStep> steps,
        DateTimeOffset until,
        string cause,
        DateTimeOffset? at = null,
        Func<DateTimeOffset?, ICustomerEvent>? fact = null
    )
    {
        var (due, step) = (steps.DueFrom(until), steps.Before(until));
        if (fact is not null)
            Add(fact(due));
        if (step is null && Customer.Stage is not null)
            step = new(LifecycleStage.Prospect, cause, Customer.StageSince);
        if (step is { } now && now.Stage != Customer.Stage)
            Say(now, cause, at ?? now.At, due);
        else if (Customer.DueAt != due)
            Add(new ThresholdMoved(due));
    }

    public void Say(StageStep step, string cause, DateTimeOffset at, DateTimeOffset? due) =>
        Add(
            new LifecycleStageChanged(
                Customer.Stage,
                step.Stage,
                cause,
                at > Customer.StageSince ? at : Customer.StageSince,
                due,
                step.Reason
            )
        );

    /// <summary>
    /// An order counts no more: the stage that the remaining orders alone would have led to; a customer without any is a prospect again.
    /// </summary>
    /// <param name="at">When that became known.</param>
    /// <param name="counted">The fact, with the instant when time next changes the stage.</param>
    public void TakeOut(int order, DateTimeOffset at, string cause, LifecyclePolicy policy, Func<DateTimeOffset?, ICustomerEvent> counted)
    {
        var orders = Customer.OrderInstants();
        orders = [.. orders[..order], .. orders[(order + 1)..]];
        var known = at > Customer.StageSince ? at : Customer.StageSince;
        var until = orders.Length > 0 && orders[^1] > known ? orders[^1] : known;
        Restate(LifecycleRules.Replay(orders, Customer.Marks, policy), LifecycleRules.After(until), cause, known, counted);
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
