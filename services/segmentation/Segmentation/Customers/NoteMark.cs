using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>
/// Notes what may decide a stage and is no order. The step that follows from it is due at its instant, and said by the clock or by what is
/// decided next: so silence before it is judged as it always is. What is told late, or decided here and now, is said at once.
/// </summary>
/// <param name="Cause">Of the step, where it cannot be dated as if it had been known in time.</param>
public sealed record NoteMark(ICustomerEvent Fact, DateTimeOffset At, string Cause)
{
    /// <param name="atOnce">Decided here and now.</param>
    public ICustomerEvent[] Decide(CustomerValue customer, LifecyclePolicy policy, bool atOnce = false)
    {
        if (customer.Forgotten)
            return [];
        if (ReferenceEquals(customer.Evolve(Fact).Marks, customer.Marks))
            return [Fact];
        if (customer.InGroup)
            return customer.Counted(Fact, Cause, At);
        var judgement = new Judgement(customer);
        if (atOnce)
            judgement.PassTime(At, policy);
        var (before, steps) = (judgement.Customer, customer.Evolve(Fact).Steps(policy));
        if (atOnce || At <= before.StageSince)
        {
            var until = atOnce && At > before.KnownThrough ? At : before.KnownThrough;
            var cause = atOnce && steps.Before(LifecycleRules.After(until)) is { } now && now.At == At ? now.Cause : Cause;
            judgement.Restate(steps, LifecycleRules.After(until), cause, atOnce ? At : null, _ => Fact);
            return judgement.Facts;
        }
        judgement.Add(Fact);
        var due = steps.DueFrom(before.DueAt < At ? before.DueAt.Value : At);
        if (due != before.DueAt)
            judgement.Add(new ThresholdMoved(due));
        return judgement.Facts;
    }
}
