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
        var (customer, steps) = (judgement.Customer, judgement.Customer.Steps(policy));
        var apart = Cause is LifecycleRules.Merged or LifecycleRules.Separated;
        // What somebody decides holds from that instant, by all that is known then.
        var decided = apart || Cause is LifecycleRules.Ended or LifecycleRules.Reopened;
        var until = LifecycleRules.After(decided ? Later(customer.KnownThrough, At) : customer.KnownThrough);
        var said = steps.ToList().FindLastIndex(s => s.At <= customer.StageSince);
        if (apart || said < 0 || steps[said].Stage != customer.Stage)
        {
            var began = steps.Before(until)?.At ?? At;
            DateTimeOffset? at = customer.Orders.IsEmpty || apart ? Later(began, At) : null;
            judgement.Restate(steps, until, Cause, at);
            return;
        }
        var due = steps.DueFrom(until);
        for (var i = said + 1; i < steps.Count && steps[i].At < until; i++)
            judgement.Say(steps[i], steps[i].Cause, steps[i].At, due);
        if (judgement.Customer.DueAt != due)
            judgement.Add(new ThresholdMoved(due));
    }

    static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
