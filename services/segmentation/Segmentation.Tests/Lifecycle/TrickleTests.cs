using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.RuleSegments;
using CrmPlatform.Segmentation.Tests.Groups;
using CrmPlatform.Segmentation.Tests.RuleSegments;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Lifecycle;

/// <summary>
/// A source that tells of purchases of the past more often than it settles, for ever: the clocks wait for it, but not for ever. A room of
/// its own: its clock is moved.
/// </summary>
public class TrickleTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public async Task a_steady_trickle_of_late_purchases_stops_nothing()
    {
        var (now, quiet, other) = (fixture.Clock.GetUtcNow(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await fixture.Hear("customers", At("market", SegmentWorld.Toys(quiet, now.AddDays(-89))));
        await fixture.Publish(
            "toys-of-90-days",
            new
            {
                purchases = new
                {
                    measure = "count",
                    category = "toys",
                    atLeast = 1,
                    within = new { days = 90 },
                },
            }
        );
        (await fixture.Members("toys-of-90-days")).ShouldBe([quiet]);
        // Stopped: on a slow machine there would be pauses of 30 seconds.
        fixture.Clock.Stop(now.AddDays(2));

        for (var told = 0; told <= 60; told++)
            await Trickle();
        (await Said()).ShouldBe("New, 1 member", "29.5 minutes: the next line may say that they have bought");
        await Trickle();
        await Trickle();
        (await Said()).ShouldBe("Dormant, 0 members", "more than 30 minutes");

        // After a pause it is an import of its own.
        fixture.Clock.Advance(TimeSpan.FromHours(1));
        var next = Guid.CreateVersion7();
        await fixture.Hear("customers", At("market", Purchase(next, 10, fixture.Clock.GetUtcNow().AddDays(-100))));
        await Trickle();
        await fixture.RunDue<LifecycleClock>();
        await fixture.CatchUp();
        (await fixture.Get($"customers/{next}")).GetProperty("lifecycle").GetProperty("stage").GetString().ShouldBe("New");

        async Task Trickle()
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(29.5));
            var late = At("market", Purchase(other, 10, fixture.Clock.GetUtcNow().AddDays(-1)));
            await fixture.Hear(SegmentationFixture.AsFact("customers", late) with { RecordedAt = fixture.Clock.GetUtcNow() });
            await fixture.CatchUp();
        }

        async Task<string> Said()
        {
            await fixture.RunDue<LifecycleClock>();
            await fixture.RunDue<JudgeSegments>();
            await fixture.CatchUp();
            var (stage, members) = (await fixture.Get($"customers/{quiet}"), (await fixture.Members("toys-of-90-days")).Count);
            return $"{stage.GetProperty("lifecycle").GetProperty("stage")}, {members} member{(members == 1 ? "" : "s")}";
        }
    }

    static Contracts.PurchaseRecorded At(string source, Contracts.PurchaseRecorded purchase) => purchase with { Source = source };
}
