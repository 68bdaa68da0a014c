using CrmPlatform.Customers.Groups;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Merging;

/// <summary>Which customers may be one.</summary>
public static class MergeRules
{
    /// <summary>The group that two groups are together.</summary>
    /// <param name="members">All members of both.</param>
    /// <exception cref="RuleViolationException"><c>customer-unknown</c>, <c>customer-forgotten</c>, <c>kinds-differ</c> or
    /// <c>group-too-large</c>.</exception>
    public static Group Join(Guid mergeId, Guid survivor, Guid merged, IReadOnlyDictionary<Guid, Customer> members)
    {
        Check(members[survivor], "survivorId");
        Check(members[merged], "mergedId");
        if (members[survivor].Kind != members[merged].Kind)
            throw new RuleViolationException("kinds-differ", "A person and a company are never one.", "mergedId");
        var (mine, theirs) = (members[survivor].GroupOf(survivor), members[merged].GroupOf(merged));
        if (!members.Keys.ToHashSet().SetEquals(mine.Members.Concat(theirs.Members)) || mine.Members.Contains(merged))
            throw new GroupChangedException();
        if (members.Count > Group.Most)
            throw new RuleViolationException("group-too-large", $"A group has at most {Group.Most} members.", "mergedId");
        return mine.With(theirs, new(mergeId, survivor, merged));
    }

    /// <summary>The groups that are left without a merge.</summary>
    /// <param name="members">All members of the group that it made.</param>
    /// <exception cref="RuleViolationException"><c>customer-forgotten</c>: all of one side were forgotten.</exception>
    public static IReadOnlyList<Group> Part(Guid mergeId, IReadOnlyDictionary<Guid, Customer> members)
    {
        var (id, one) = members.First();
        var group = one.GroupOf(id);
        if (!members.Keys.ToHashSet().SetEquals(group.Members) || group.Links.All(l => l.MergeId != mergeId))
            throw new GroupChangedException();
        var parts = group.Without(mergeId);
        if (parts.Any(part => part.Members.All(m => members[m].Forgotten)))
            throw new RuleViolationException(
                "customer-forgotten",
                "All on one side of this merge were forgotten; there is nobody to take apart.",
                "id"
            );
        return parts;
    }

    static void Check(Customer customer, string field)
    {
        if (!customer.Exists || (customer.Retracted && !customer.Forgotten))
            throw new RuleViolationException("customer-unknown", "There is no such customer.", field);
        if (customer.Forgotten)
            throw new RuleViolationException("customer-forgotten", "This customer was forgotten; nobody is merged with them.", field);
    }
}
