using CrmPlatform.Contracts;

namespace CrmPlatform.Testing;

/// <summary>What customers tells of customers who are one person: once of each member.</summary>
public static class GroupsTold
{
    /// <summary>Three customers, by their places in a list, as groups: in each the survivor first.</summary>
    public static IReadOnlyList<int[][]> PartsOfThree { get; } =
    [
        [
            [0, 1],
            [2],
        ],
        [
            [2, 0],
            [1],
        ],
        [
            [1, 2],
            [0],
        ],
        [
            [2, 0, 1],
        ],
        [
            [0],
            [1],
            [2],
        ],
    ];

    /// <param name="members">The survivor first.</param>
    public static CustomersMerged[] Merged(params Guid[] members)
    {
        var (link, at) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());
        return [.. members.Select(member => new CustomersMerged(member, members[0], members, link, at))];
    }

    /// <param name="parts">The groups into which it fell, in each the survivor first.</param>
    public static CustomersUnmerged[] Unmerged(params Guid[][] parts)
    {
        var (link, at) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());
        return [.. parts.SelectMany(part => part.Select(member => new CustomersUnmerged(member, part[0], part, link, at)))];
    }
}
