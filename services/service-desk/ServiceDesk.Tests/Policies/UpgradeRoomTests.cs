using static CrmPlatform.ServiceDesk.Tests.Policies.GivenRules;

namespace CrmPlatform.ServiceDesk.Tests.Policies;

/// <summary>A better tier in the middle of a ticket.</summary>
public class UpgradeRoomTests(RulesRoom room) : IClassFixture<RulesRoom>
{
    [Fact]
    public async Task a_better_tier_upgrades_the_open_tickets_of_the_person_and_only_these()
    {
        var (anna, twin, other) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await room.Publish(Standard, Gold("shorten"));
        var (annas, twins, others) = (await room.Opened(anna), await room.Opened(twin), await room.Opened(other));
        await room.Hear("customers", [.. GroupsTold.Merged(anna, twin)]);
        var due = await room.Due(annas, "resolution");
        var told = new Contracts.TierChanged(anna, null, "Gold", 2000, room.Clock.GetUtcNow(), "qualified");
        await room.Hear("loyalty", told);
        await room.CatchUp();
        (await room.Due(annas, "resolution")).ShouldBe(due!.Value.AddHours(-6));
        (await room.Get($"tickets/{twins}")).GetProperty("policyId").GetString().ShouldBe("best-customers");
        (await room.Get($"tickets/{others}")).GetProperty("policyId").GetString().ShouldBe("standard");
        await room.Hear("loyalty", told with { From = "Gold", To = "Bronze" }, told);
        await room.CatchUp();
        (await room.Store.FetchStream(annas)).Count(e => e.Data is PolicyUpgraded).ShouldBe(1);
        (await room.Due(annas, "resolution")).ShouldBe(due.Value.AddHours(-6));
    }
}
