using CrmPlatform.Segmentation.Grading;
using CrmPlatform.Segmentation.Runs;
using CrmPlatform.Segmentation.Tests.Grading;
using CrmPlatform.Segmentation.Tests.Groups;
using Microsoft.Extensions.DependencyInjection;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Runs;

/// <summary>What the clock does at midnight. A room of its own: its clock is moved.</summary>
public class NightlyRunTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public async Task a_day_that_somebody_scored_before_it_was_over_is_scored_again_at_midnight()
    {
        await fixture.Hear("customers", Purchase(Guid.CreateVersion7(), 900, fixture.Clock.GetUtcNow().AddDays(-2)));
        await fixture.Publish("nightly", GradingWorld.Full);
        var early = await fixture.Run();
        await fixture.Services.GetRequiredService<NightlyGrading>().Tick(default);
        var graded = await fixture.Grade("nightly");
        await fixture.Hear("customers", Purchase(Guid.CreateVersion7(), 100, fixture.Clock.GetUtcNow().AddMinutes(-1)));

        await fixture.Restart();
        fixture.Clock.Advance(TimeSpan.FromDays(1));
        (await fixture.Services.GetRequiredService<NightlyGrading>().Tick(default)).ShouldBe(1);
        var night = (await fixture.Get("runs")).GetProperty("items")[0];
        night.GetProperty("id").GetGuid().ShouldNotBe(early);
        night.GetProperty("customers").GetInt32().ShouldBe(2);
        (await fixture.Get($"grade-schemes/nightly/runs/{graded}")).GetProperty("customers").GetInt32().ShouldBe(1);

        await fixture.Restart();
        (await fixture.Services.GetRequiredService<NightlyRun>().Tick(default)).ShouldBeNull();
        (await fixture.Services.GetRequiredService<NightlyGrading>().Tick(default)).ShouldBe(0);
    }
}
