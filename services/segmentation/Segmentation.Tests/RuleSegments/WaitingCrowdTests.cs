using CrmPlatform.Segmentation.Tests.Groups;

namespace CrmPlatform.Segmentation.Tests.RuleSegments;

/// <summary>A room of its own: more customers wait in it than are judged at once.</summary>
public class WaitingCrowdTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    Task<long> Due() => fixture.Db.QuerySingle<long>("select count(*) from segment_facts where due_at <= @now", new { now = Now }, default);

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

        // One look more postpones those whom the first did not reach.
        await fixture.Judge();
        (await Due()).ShouldBe(0, "nobody is asked about again before the source may be quiet");
        fixture.Clock.Advance(TimeSpan.FromSeconds(31));
        (await Due()).ShouldBe(waiting.Length);
        await fixture.Judge();
        await fixture.Judge();
        (await fixture.Get("rule-segments/crowd-quiet")).GetProperty("segment").GetProperty("members").GetInt32().ShouldBe(waiting.Length);
    }
}
