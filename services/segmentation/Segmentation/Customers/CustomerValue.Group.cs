using System.Collections.Immutable;

namespace CrmPlatform.Segmentation.Customers;

public sealed partial record CustomerValue
{
    /// <summary>Under whose id this customer is judged; null for their own.</summary>
    public Guid? SurvivorId { get; private init; }

    /// <summary>By whose orders this customer is judged besides their own, in the order of their ids.</summary>
    public ImmutableArray<Guid> Members { get; private init; } = [];

    public long MembersThrough { get; private init; }

    /// <summary>The grade of this customer alone, while they are judged with others.</summary>
    public GradeSuspended? Suspended { get; private init; }

    /// <summary>Judged together with others: what is counted is judged for all of them, shortly afterwards.</summary>
    public bool InGroup => SurvivorId is not null || Members.Length > 0;

    /// <summary>What is counted of a member of a group.</summary>
    public ICustomerEvent[] Counted(ICustomerEvent fact, string cause, DateTimeOffset at) =>
        [fact, new JudgementDue(SurvivorId, cause, at)];

    /// <summary>This customer as one who also bought what the others did.</summary>
    public CustomerValue With(IEnumerable<CustomerValue> others) =>
        others.Aggregate(
            this,
            (all, other) =>
                all with
                {
                    Orders = [.. all.Orders.Concat(other.Orders).OrderBy(o => o.At)],
                    Revenue = all.Revenue + other.Revenue,
                    Marks = all.Marks.And(other.Marks),
                    Needs = all.Needs.And(other.Needs),
                }
        );

    CustomerValue EvolveGroup(ICustomerEvent @event) =>
        @event switch
        {
            GroupChanged e => this with { SurvivorId = e.SurvivorId, DueAt = e.DueAt },
            GradeSuspended e => this with { Suspended = e },
            MembersCounted e => this with
            {
                Members = [.. e.Members],
                MembersThrough = e.Through,
                Suspended = e.Members.Count == 0 && SurvivorId is null ? null : Suspended,
            },
            _ => EvolveMarks(@event),
        };
}
