namespace CrmPlatform.Customers.Groups;

/// <summary>Customers who are one person or one company: those that links connect. Who has no link is alone.</summary>
/// <param name="SurvivorId">The member under whose id the group is shown.</param>
/// <param name="Links">In the order in which they were made, group by group.</param>
public sealed record Group(Guid SurvivorId, IReadOnlyList<GroupLink> Links)
{
    /// <summary>Most members of a group.</summary>
    public const int Most = 50;

    public static Group Alone(Guid customer) => new(customer, []);

    /// <summary>The survivor first, then the others by id.</summary>
    public IReadOnlyList<Guid> Members =>
        [SurvivorId, .. Links.SelectMany(l => new[] { l.Survivor, l.Merged }).Distinct().Where(m => m != SurvivorId).Order()];

    public bool IsAlone => Links.Count == 0;

    public GroupLink? Between(Guid one, Guid other) =>
        Links.FirstOrDefault(l => (l.Survivor, l.Merged) == (one, other) || (l.Survivor, l.Merged) == (other, one));

    /// <summary>This group takes in another one.</summary>
    public Group With(Group other, GroupLink link) => new(SurvivorId, [.. Links, .. other.Links, link]);

    /// <summary>
    /// The groups into which it falls without a link. In each, the remaining links say in their order who survives, so a part that was a
    /// group before has the survivor that it had.
    /// </summary>
    public IReadOnlyList<Group> Without(Guid mergeId)
    {
        var parts = Members.ToDictionary(m => m, Alone);
        foreach (var link in Links.Where(l => l.MergeId != mergeId))
        {
            var joined = parts[link.Survivor].With(parts[link.Merged], link);
            foreach (var member in joined.Members)
                parts[member] = joined;
        }
        return [.. parts.Values.DistinctBy(p => p.SurvivorId).OrderBy(p => p.SurvivorId != SurvivorId).ThenBy(p => p.SurvivorId)];
    }
}
