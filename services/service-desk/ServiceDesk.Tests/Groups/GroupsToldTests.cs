namespace CrmPlatform.ServiceDesk.Tests.Groups;

/// <summary>What customers tells of groups: each member hears it for itself, and the last that is told of a customer holds.</summary>
public class GroupsToldTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    [Fact]
    public async Task the_last_group_that_is_told_of_a_customer_holds()
    {
        var (a, b, c) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        (await Group(a)).ShouldBe([a], "nothing was told");
        await fixture.Hear("customers", Merged(a, a, b), Merged(b, a, b));
        await fixture.Hear("customers", Merged(c, c, a, b), Merged(b, c, a, b));
        (await Group(a)).ShouldBe([a, b], "this member was not told yet");
        (await Group(b)).ShouldBe([c, a, b]);
        await fixture.Hear("customers", Merged(a, c, a, b));
        (await Group(a)).ShouldBe([c, a, b], "the survivor is first");

        await fixture.Hear("customers", Unmerged(b, b), Unmerged(a, c, a), Unmerged(c, c, a));
        (await Group(a)).ShouldBe([c, a]);
        (await Group(b)).ShouldBe([b]);
        (await CustomerGroups.Of(fixture.Db, b, default)).IsAlone.ShouldBeTrue();
        var many = await CustomerGroups.Of(fixture.Db, [a, b, b], default);
        (many.Count, many[a].SurvivorId, many[b].SurvivorId).ShouldBe((2, c, b));
    }

    [Fact]
    public async Task a_group_told_twice_is_noted_once_and_survives_a_rebuild()
    {
        var (a, b) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var told = DeskFixture.AsFact("customers", Merged(a, b, a));
        await fixture.Hear(told);
        await fixture.Hear(told);
        await fixture.Hear("customers", Merged(a, b, a));
        var noted = (await fixture.Store.FetchStream(NotedGroup.Of(a).Id)).Select(e => e.Data).OfType<GroupNoted>().Single();
        (noted.CustomerId, noted.SurvivorId).ShouldBe((a, b));
        await fixture.Daemon.Rebuild(new GroupsView().Name, default);
        (await Group(a)).ShouldBe([b, a]);
    }

    static Contracts.CustomersMerged Merged(Guid customer, params Guid[] members) =>
        new(customer, members[0], members, Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());

    static Contracts.CustomersUnmerged Unmerged(Guid customer, params Guid[] members) =>
        new(customer, members[0], members, Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());

    async Task<IReadOnlyList<Guid>> Group(Guid customer) => (await CustomerGroups.Of(fixture.Db, customer, default)).Members;
}
