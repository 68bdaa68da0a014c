namespace CrmPlatform.Customers.Groups;

/// <summary>That two customers are one. It holds no value of either.</summary>
/// <param name="MergeId">Id of the merge that made it.</param>
/// <param name="Survivor">The one whose group takes in the other's.</param>
/// <param name="Merged">The other one.</param>
public sealed record GroupLink(Guid MergeId, Guid Survivor, Guid Merged);
