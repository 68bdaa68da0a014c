namespace CrmPlatform.Customers.Groups;

/// <summary>A fact of a customer that says which group the customer is in from then on.</summary>
public interface IGroupFact
{
    /// <summary>The merge that was made or undone.</summary>
    Guid MergeId { get; }
    Guid SurvivorId { get; }
    IReadOnlyList<GroupLink> Links { get; }
    DateTimeOffset OccurredAt { get; }
}
