using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Groups;

/// <summary>Notes under whose id a customer is judged; the group that they leave and the one that they join are judged again.</summary>
public sealed record NoteGroup(Guid CustomerId, Guid SurvivorId, DateTimeOffset At)
{
    public ICustomerEvent[] Decide(CustomerValue customer, PublishedRun? run)
    {
        Guid? survivor = SurvivorId == CustomerId ? null : SurvivorId;
        if (customer.Forgotten || customer.SurvivorId == survivor)
            return [];
        return
        [
            // Before anything more is counted of them: who loses their last order until the group is judged has no grade to come back to.
            .. customer.Suspended is null && survivor is not null
                ? new ICustomerEvent[] { new GradeSuspended(customer.Grade, run?.Id) }
                : [],
            new GroupChanged(survivor, At, survivor is null ? customer.DueAt : null),
            .. customer.SurvivorId is { } left ? new ICustomerEvent[] { new JudgementDue(left, LifecycleRules.Separated, At) } : [],
            new JudgementDue(survivor, survivor is null ? LifecycleRules.Separated : LifecycleRules.Merged, At),
        ];
    }
}
