using System.Net.Http.Json;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Groups;

/// <summary>Who is read page by page. A room of its own: everybody in it is counted.</summary>
public class GroupPageTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public async Task a_page_of_scores_does_not_end_at_a_group_without_orders_in_the_window()
    {
        var now = fixture.Clock.GetUtcNow();
        Guid[] ids = [.. Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7()).Order()];
        await fixture.Hear("customers", [.. ids.Select((c, i) => Purchase(c, 10, now.AddDays(i is 0 or 1 or 4 or 7 ? -200 : -3)))]);
        await fixture.Hear("customers", [.. GroupWorld.Linked(now, ids[0], ids[1]), .. GroupWorld.Linked(now, ids[4], ids[7])]);
        await fixture.Settle();
        (
            await fixture
                .Http("segmentation.definitions.write")
                .PutAsJsonAsync("/api/segmentation/definitions/month", new { name = "Month", windowDays = 30 })
        ).IsSuccessStatusCode.ShouldBeTrue();
        var run = await fixture.Run(new { definition = "month" });
        var found = new List<Guid>();
        for (var after = ""; after is not null; )
        {
            var page = await fixture.Get($"runs/{run}/scores?limit=1{after}");
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(s => s.GetProperty("customerId").GetGuid()));
            after = page.GetProperty("next").GetString() is { } next ? "&after=" + next : null;
        }
        found.ShouldBe([ids[2], ids[3], ids[5], ids[6]]);
    }
}
