using CrmPlatform.Segmentation.Churn;
using CrmPlatform.Segmentation.Tests.RuleSegments;

namespace CrmPlatform.Segmentation.Tests.Churn;

/// <summary>A source that tells of the past for ever. A room of its own: its clock is moved.</summary>
public class ChurnTrickleTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public async Task a_steady_trickle_of_late_purchases_stops_no_declaration()
    {
        var (now, quiet, other) = (fixture.Clock.GetUtcNow(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await fixture.Hear("customers", SegmentWorld.Toys(quiet, now.AddDays(-179)));
        await fixture.CatchUp();
        // Stopped: on a slow machine there would be pauses of 30 seconds.
        fixture.Clock.Stop(now.AddDays(2));
        for (var told = 0; told <= 60; told++)
            await Trickle();
        (await Declared()).ShouldBe(0, "29.5 minutes: the next line may say that they have bought");
        await Trickle();
        await Trickle();
        (await Declared()).ShouldBe(1, "more than 30 minutes");

        async Task Trickle()
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(29.5));
            var late = SegmentWorld.Toys(other, fixture.Clock.GetUtcNow().AddDays(-1));
            await fixture.Hear(SegmentationFixture.AsFact("customers", late) with { RecordedAt = fixture.Clock.GetUtcNow() });
            await fixture.CatchUp();
        }

        async Task<int> Declared()
        {
            await fixture.RunDue<JudgeChurn>();
            var stream = await fixture.Store.FetchStream(NameId.For("churn", quiet.ToString()));
            return stream.Count(e => e.Data is ChurnDeclared);
        }
    }
}
