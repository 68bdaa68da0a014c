using CrmPlatform.Customers.Groups;

namespace CrmPlatform.Customers.Profiles;

/// <summary>The customer's group and another one are one group now.</summary>
/// <param name="SurvivorId">The member under whose id the group is shown.</param>
/// <param name="Links">All links of the group, in their order.</param>
public sealed record CustomersMerged(Guid MergeId, Guid SurvivorId, IReadOnlyList<GroupLink> Links, DateTimeOffset OccurredAt)
    : ICustomerEvent,
        IGroupFact;

/// <summary>A link of the customer's group was taken away.</summary>
/// <param name="SurvivorId">The member under whose id the customer's part is shown.</param>
/// <param name="Links">The links that are left in the customer's part; none if the customer is alone.</param>
public sealed record CustomersUnmerged(Guid MergeId, Guid SurvivorId, IReadOnlyList<GroupLink> Links, DateTimeOffset OccurredAt)
    : ICustomerEvent,
        IGroupFact;

/// <summary>The customer is not to be compared with others.</summary>
public sealed record MatchingRefused(DateTimeOffset OccurredAt) : ICustomerEvent;

public sealed record MatchingAllowed(DateTimeOffset OccurredAt) : ICustomerEvent;
