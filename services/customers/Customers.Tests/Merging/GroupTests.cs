using CrmPlatform.Customers.Groups;
using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Customers.Tests;

/// <summary>Groups by themselves: what links connect.</summary>
public sealed class GroupTests
{
    static readonly Guid[] people = [.. Enumerable.Range(1, 6).Select(n => new Guid(n, 0, 0, new byte[8]))];

    [Fact]
    public void whose_group_takes_in_another_survives_and_a_part_has_the_survivor_of_before()
    {
        var groups = people.ToDictionary(p => p, Group.Alone);
        var (ab, cd, bc) = (new Guid(11, 0, 0, new byte[8]), new Guid(12, 0, 0, new byte[8]), new Guid(13, 0, 0, new byte[8]));
        Join(groups, ab, people[0], people[1]);
        Join(groups, cd, people[3], people[2]);
        Join(groups, bc, people[1], people[2]);
        groups[people[2]].SurvivorId.ShouldBe(people[0], "the second is a member of the first's group");
        groups[people[3]].Members.ShouldBe([people[0], people[1], people[2], people[3]]);
        var parts = groups[people[0]].Without(bc);
        parts.Select(p => p.SurvivorId).ShouldBe([people[0], people[3]]);
        parts[1].Members.ShouldBe([people[3], people[2]]);
        groups[people[0]].Without(ab).Select(p => p.Members.Count).ShouldBe([1, 3]);
    }

    /// <summary>Merges and their undoing in any order leave what the links that remain connect.</summary>
    [Fact]
    public void members_are_those_whom_the_remaining_links_connect() =>
        Prop.ForAll(
                Gen.Choose(0, 5)
                    .Two()
                    .ListOf(12)
                    .SelectMany(pairs => Gen.Choose(0, 11).ListOf(6), (pairs, undo) => (pairs, undo))
                    .ToArbitrary(),
                plan =>
                {
                    var groups = people.ToDictionary(p => p, Group.Alone);
                    var links = new List<GroupLink>();
                    foreach (var ((one, other), i) in plan.pairs.Select((p, i) => ((p.Item1, p.Item2), i)))
                    {
                        if (groups[people[one]].Members.Contains(people[other]))
                            continue;
                        var link = new GroupLink(new Guid(100 + i, 0, 0, new byte[8]), people[one], people[other]);
                        links.Add(link);
                        Join(groups, link.MergeId, link.Survivor, link.Merged);
                    }
                    foreach (var i in plan.undo)
                    {
                        var undone = links.FirstOrDefault(l => l.MergeId == new Guid(100 + i, 0, 0, new byte[8]));
                        if (undone is null || !links.Remove(undone))
                            continue;
                        foreach (var part in groups[undone.Survivor].Without(undone.MergeId))
                        foreach (var member in part.Members)
                            groups[member] = part;
                    }
                    foreach (var person in people)
                    {
                        groups[person].Members.Order().ShouldBe(Reached(person, links).Order());
                        groups[person].Members.ShouldContain(groups[person].SurvivorId);
                        groups[groups[person].SurvivorId].ShouldBeSameAs(groups[person]);
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    static void Join(Dictionary<Guid, Group> groups, Guid merge, Guid survivor, Guid merged)
    {
        var joined = groups[survivor].With(groups[merged], new(merge, survivor, merged));
        foreach (var member in joined.Members)
            groups[member] = joined;
    }

    static HashSet<Guid> Reached(Guid from, List<GroupLink> links)
    {
        var reached = new HashSet<Guid> { from };
        while (
            links.Any(l => reached.Contains(l.Survivor) != reached.Contains(l.Merged) && reached.Add(l.Survivor) | reached.Add(l.Merged))
        ) { }
        return reached;
    }
}
