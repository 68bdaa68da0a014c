using System.Net;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Queue;

/// <summary>Under a steady inflow of better customers. A room of its own, whose clock stands still.</summary>
public class StarvationTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    [Fact]
    public async Task nobody_waits_for_ever_behind_better_customers()
    {
        var now = new DateTimeOffset(2026, 12, 1, 2, 0, 0, TimeSpan.Zero);
        fixture.Clock.Stop(now);
        var (best, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await fixture.Hear(
            "loyalty",
            new Contracts.TierChanged(best, null, "Gold", 2_000, now, "qualified"),
            new Contracts.TierChanged(other, null, "Bronze", 0, now, "joined")
        );
        var plain = (await fixture.Post("tickets", Request(other), HttpStatusCode.Created)).Id;
        var promised = (await fixture.Get($"tickets/{plain}")).GetProperty("clocks")[1].GetProperty("dueAt").GetDateTimeOffset() - now;
        // Two of the best come for each that is solved: after a while all of them are late.
        for (var served = Guid.Empty; served != plain; )
        {
            fixture.Clock.Stop(now = now.AddHours(2));
            for (var i = 0; i < 2; i++)
                await fixture.Post("tickets", Request(best), HttpStatusCode.Created);
            served = (await fixture.Get("queue?limit=1")).GetProperty("items")[0].GetProperty("id").GetGuid();
            await fixture.Post($"tickets/{served}/resolve", Valid("resolve"));
            (now - new DateTimeOffset(2026, 12, 1, 2, 0, 0, TimeSpan.Zero)).ShouldBeLessThanOrEqualTo(3 * promised + TimeSpan.FromHours(2));
        }
        (now - new DateTimeOffset(2026, 12, 1, 2, 0, 0, TimeSpan.Zero)).ShouldBeGreaterThan(2 * promised, "they did come first");
    }
}
