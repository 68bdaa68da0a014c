using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Groups;

/// <summary>
/// Judges a survivor by the orders of all members, as one customer who made them all; those who have been merged leave the population. A
/// survivor without members is judged by their own orders again.
/// </summary>
/// <param name="Cause">Why, as the cause of a change of stage.</param>
/// <param name="At">When what called for it happened.</param>
/// <param name="Through">Number of the event that called for it: a process that was suspended does not undo what a later one said.</param>
public sealed record JudgeGroup(string Cause, DateTimeOffset At, long Through)
{
    public Write Write(Guid survivor, IReadOnlyList<Guid> others, Yardstick yardstick) =>
        EventSourcing.Write.To(
            CustomerValue.Of(survivor),
            [.. others.Select(CustomerValue.Of)],
            (one, all) =>
            {
                foreach (var other in all)
                    if (other.State.SurvivorId == survivor)
                        other.Append(Leave(other.State, yardstick.Run));
                var members = Together.Members(one, all);
                one.Append(
                    one.State.SurvivorId is not null
                        ? Leave(one.State, yardstick.Run)
                        : Decide(one.State, [.. members.Select(m => m.Id)], members.Select(m => m.State), yardstick)
                );
            }
        );

    /// <summary>Whoever is judged under another id has no scores and no grade of their own.</summary>
    public ICustomerEvent[] Leave(CustomerValue customer, PublishedRun? run)
    {
        if (customer.Forgotten)
            return [];
        var judgement = new Judgement(customer);
        if (customer.Members.Length > 0)
            judgement.Add(new MembersCounted([], Through));
        judgement.Leave(LifecycleRules.Merged, run, At);
        return judgement.Facts;
    }

    public ICustomerEvent[] Decide(CustomerValue own, Guid[] ids, IEnumerable<CustomerValue> members, Yardstick yardstick)
    {
        if (own.Forgotten || own.MembersThrough > Through)
            return [];
        var (judgement, suspended) = (new Judgement(own.With(members)), own.Suspended);
        var changed = !own.Members.SequenceEqual(ids) || (ids.Length == 0 && suspended is not null);
        if (changed && suspended is null)
            judgement.Add(new GradeSuspended(own.Grade, yardstick.Run?.Id));
        if (changed)
            judgement.Add(new MembersCounted(ids, Through));
        Stage(judgement, yardstick.Lifecycle);
        if (yardstick.Run is { } run && own.ScoredAsOf <= run.Rfm.AsOf)
        {
            if (changed)
                Grade(judgement, GradeOf(judgement.Customer, ids.Length == 0 ? suspended : null, run, yardstick.Business), run);
            judgement.Score(run, yardstick.Business, live: true, At);
        }
        return judgement.Facts;
    }

    /// <summary>
    /// What the run's cut-off values mean for the orders up to its day; where there are none, the grade stays, as with a run. Whoever is
    /// alone again, and has missed no run, has the grade from before.
    /// </summary>
    static string? GradeOf(CustomerValue customer, GradeSuspended? suspended, PublishedRun run, Business business)
    {
        if (suspended is not null && suspended.RunId == run.Id)
            return suspended.Grade;
        return run.GradeOf(customer, business) ?? (suspended ?? new(customer.Grade, null)).Grade;
    }

    void Grade(Judgement judgement, string? grade, PublishedRun run)
    {
        var customer = judgement.Customer;
        var at = customer.ScoredAt > At ? customer.ScoredAt : At;
        if (grade is null && customer.Grade is not null)
            judgement.Leave(Cause, run, at);
        else if (grade is not null && grade != customer.Grade && customer.Orders.Length > 0)
            judgement.Add(new AbcGradeChanged(customer.Grade, grade, run.Id, at));
    }

    /// <summary>
    /// The stage to which the orders have led. Steps that follow from what was said before are said one by one, each at its own instant, as
    /// of one customer; otherwise what was said stays said, and the stage that holds now follows.
    /// </summary>
    void Stage(Judgement judgement, LifecyclePolicy policy)
    {
        var (customer, orders) = (judgement.Customer, judgement.Customer.OrderInstants());
        if (orders.Length == 0)
        {
            if (customer.Stage is not (null or LifecycleStage.Prospect))
                judgement.Add(
                    new LifecycleStageChanged(customer.Stage, LifecycleStage.Prospect, Cause, Later(At, customer.StageSince), null)
                );
            else if (customer.DueAt is not null)
                judgement.Add(new ThresholdMoved(null));
            return;
        }
        var until = Later(LifecycleRules.After(customer.StageSince), orders[^1]);
        var steps = LifecycleRules.Replay(orders, policy, until).ToList();
        var due = LifecycleRules.Due(steps[^1].Stage, orders[^1], policy.Quiet(orders));
        var said = steps.FindLastIndex(s => s.At <= customer.StageSince);
        if (Cause is not (LifecycleRules.Merged or LifecycleRules.Separated) && said >= 0 && steps[said].Stage == customer.Stage)
            foreach (var step in steps[(said + 1)..])
                judgement.Add(new LifecycleStageChanged(judgement.Customer.Stage, step.Stage, step.Cause, step.At, due));
        else if (steps[^1].Stage != customer.Stage)
        {
            var at = Later(steps[^1].At, customer.StageSince);
            if (Cause is LifecycleRules.Merged or LifecycleRules.Separated)
                at = Later(at, At);
            judgement.Add(new LifecycleStageChanged(customer.Stage, steps[^1].Stage, Cause, at, due));
        }
        if (judgement.Customer.DueAt != due)
            judgement.Add(new ThresholdMoved(due));
    }

    static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
