using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Groups;

/// <summary>The clock of a group, and its end. A room of its own: its clock is moved.</summary>
public class GroupLifecycleTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public async Task silence_is_that_of_the_group_and_of_each_again()
    {
        var now = fixture.Clock.GetUtcNow();
        var (one, two) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await fixture.Hear("customers", Purchase(one, 10, now.AddDays(-80)), Purchase(two, 10, now.AddDays(-10)));
        await fixture.Hear("customers", [.. GroupWorld.Linked(now, one, two)]);
        await fixture.Settle();
        fixture.Clock.Advance(TimeSpan.FromDays(15));
        await fixture.RunDue<Segmentation.Customers.LifecycleClock>();
        await fixture.Settle();
        (await Stage(one)).ShouldBe("Repeat", "the other one has bought");
        fixture.Clock.Advance(TimeSpan.FromDays(80));
        await fixture.RunDue<Segmentation.Customers.LifecycleClock>();
        await fixture.Settle();
        (await Stage(one), await Stage(two)).ShouldBe(("Dormant", "Dormant"));
        await fixture.Hear("customers", [.. GroupWorld.Parted(fixture.Clock.GetUtcNow(), two, one)]);
        await fixture.Settle();
        await fixture.RunDue<Segmentation.Customers.LifecycleClock>();
        await fixture.Settle();
        (await Stage(one), await Stage(two)).ShouldBe(("Dormant", "Dormant"));
        fixture.Clock.Advance(TimeSpan.FromDays(6));
        await fixture.RunDue<Segmentation.Customers.LifecycleClock>();
        await fixture.Settle();
        (await Stage(one), await Stage(two)).ShouldBe(("Churned", "Dormant"));

        async Task<string?> Stage(Guid id) =>
            (await fixture.Get($"customers/{id}")).GetProperty("lifecycle").GetProperty("stage").GetString();
    }

    [Fact]
    public async Task who_is_dormant_stays_so_with_one_who_has_not_bought()
    {
        var now = fixture.Clock.GetUtcNow();
        var (one, two) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await fixture.Hear("customers", Purchase(one, 10, now.AddDays(-10)));
        await fixture.Settle();
        fixture.Clock.Advance(TimeSpan.FromDays(95));
        await fixture.RunDue<Segmentation.Customers.LifecycleClock>();
        await fixture.Settle();
        var said = await Stages();
        said[^1].ShouldBe("Dormant");
        await fixture.Hear("customers", [.. GroupWorld.Linked(fixture.Clock.GetUtcNow(), one, two)]);
        await fixture.Settle();
        (await Stages()).ShouldBe(said);

        async Task<string[]> Stages() => [.. (await fixture.Published(one)).OfType<Contracts.LifecycleStageChanged>().Select(s => s.To)];
    }

    [Fact]
    public async Task forgetting_all_members_leaves_nobody()
    {
        var now = fixture.Clock.GetUtcNow();
        Guid[] ids = [.. Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7())];
        await fixture.Hear("customers", [.. ids.Select((c, i) => Purchase(c, 100 + i, now.AddDays(-i - 1)))]);
        await fixture.Run();
        await fixture.Hear("customers", [.. GroupWorld.Linked(now, ids[0], ids[1])]);
        await fixture.Settle();
        var before = await fixture.Sum("abc");
        await fixture.Hear("customers", [.. ids[..2].Reverse().Select(c => new Contracts.CustomerForgotten(c, now))]);
        await fixture.Settle();
        (await fixture.Sum("abc")).ShouldBe(before - 1);
        foreach (var id in ids[..2])
        {
            (await fixture.Get($"customers/{id}")).GetProperty("forgotten").GetBoolean().ShouldBeTrue();
            var stream = (await fixture.Store.FetchStream(id)).Count;
            await fixture.Hear("customers", Purchase(id, 5, now), GroupWorld.Parted(now, id)[0]);
            (await fixture.Store.FetchStream(id)).Count.ShouldBe(stream, "nothing more is recorded");
            (await fixture.Published(id)).OfType<Contracts.PersonalDataErased>().Count().ShouldBe(1);
        }
    }

    [Fact]
    public async Task what_is_told_twice_counts_once_and_whoever_is_told_first()
    {
        var now = fixture.Clock.GetUtcNow();
        Guid[] ids = [Guid.CreateVersion7(), Guid.CreateVersion7()];
        Fact[] told =
        [
            .. ids.Select(c => SegmentationFixture.AsFact("customers", Purchase(c, 10, now.AddDays(-9)))),
            .. GroupWorld.Linked(now, ids).Reverse().Select(g => SegmentationFixture.AsFact("customers", g)),
            SegmentationFixture.AsFact("customers", Purchase(ids[1], 7, now.AddDays(-1))),
        ];
        await fixture.Hear(told);
        await fixture.Settle();
        var (said, facts) = (await fixture.Said(ids[1]), await Facts());
        said.ShouldContain("3 27.00");
        await fixture.Hear([.. told.Reverse()]);
        await fixture.Settle();
        (await fixture.Said(ids[1]), await Facts()).ShouldBe((said, facts));

        async Task<int> Facts() => (await fixture.Store.FetchStream(ids[0])).Count + (await fixture.Store.FetchStream(ids[1])).Count;
    }
}
