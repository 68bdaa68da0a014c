namespace CrmPlatform.ServiceDefaults;

public interface IGroupEvent;

/// <summary>Customers told with whom a customer is one person or one company.</summary>
/// <param name="SurvivorId">The member under whose id the group is shown.</param>
/// <param name="Members">All members, the survivor first; the customer alone where the group has ended.</param>
public sealed record GroupNoted(Guid CustomerId, Guid SurvivorId, IReadOnlyList<Guid> Members, DateTimeOffset OccurredAt) : IGroupEvent;
