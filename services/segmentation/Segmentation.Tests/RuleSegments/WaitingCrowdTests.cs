namespace CrmPlatform.Segmentation.Tests.RuleSegments;

/// <summary>A room of its own: more customers wait in it than are judged at once.</summary>
public class WaitingCrowdTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    DateTimeOffset Now => fixture.Clock.GetUtcNow();

    [Fact]
    public async Task however_many_wait_for_an_import_the_others_do_not()
    {
        Guid[] waiting = [.. Enumerable.Range(0, 2_050).Select(_ => Guid.CreateVersion7())];
        var told = await fixture.Known();
        await fixture.Publish("crowd-quiet", new { silence = new { since = "purchase", atLeastDays = 30 } });
        await fixture.Publish("crowd-bought", SegmentWorld.Bought("crowd", 1));
        fixture.Clock.Advance(TimeSpan.FromHours(2));
        await fixture.Hear("customers", [.. waiting.Select(id => SegmentWorld.Toys(id, Now.AddDays(-30).AddHours(-1), "import"))]);
        await fixture.Hear("customers", SegmentWorld.Toys(told, Now.AddMinutes(-30), "crowd"));
        await fixture.Judge();
        (await fixture.Members("crowd-quiet")).Intersect(waiting).ShouldBeEmpty();
        (await fixture.Members("crowd-bought")).ShouldBe([told]);
    }
}
