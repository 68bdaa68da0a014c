using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Needs;
using CrmPlatform.Segmentation.Tests.Groups;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Segmentation.Tests.Needs;

/// <summary>Which runs customers are judged by.</summary>
public class NeedsRunTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    DateTimeOffset Now => fixture.Clock.GetUtcNow();

    [Fact]
    public async Task a_run_that_looks_back_is_a_report_and_one_that_was_left_is_finished()
    {
        await fixture.Someone(orders: 100, discounted: 10);
        var (hugo, ida) = (await fixture.Someone(orders: 12, discounted: 12), await fixture.Someone(orders: 12, discounted: 12));
        var today = fixture.Services.GetRequiredService<Business>().DayOf(Now);
        var left = await fixture.Services.GetRequiredService<NeedRuns>().Measure(new(TimeProvider.System), today, default);
        (await fixture.Get($"needs/runs/{left.Id}")).GetProperty("publishedAt").ValueKind.ShouldBe(JsonValueKind.Null);
        (await fixture.Listed("", hugo, ida)).ShouldBeEmpty();
        (await fixture.SayNeed(ida, "price/contest")).EnsureSuccessStatusCode();
        await fixture.Services.GetRequiredService<PublishNeeds>().Run(default);
        (await fixture.Get($"needs/runs/{left.Id}")).GetProperty("customersChanged").GetInt32().ShouldBeGreaterThan(0);
        (await fixture.Listed("", hugo, ida)).ShouldBe([hugo], "an answer between measuring and telling wins");

        (
            await fixture.Http("segmentation.run").PostAsJsonAsync("/api/segmentation/needs/runs", new { asOf = "0001-01-01" })
        ).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        var report = await fixture.JudgeNeeds(today.AddDays(-10));
        (await fixture.Get($"needs/runs/{report}")).GetProperty("publishes").GetBoolean().ShouldBeFalse();
        (await fixture.Get("needs"))
            .EnumerateArray()
            .Single(n => n.GetProperty("code").GetString() == "price")
            .GetProperty("runId")
            .GetGuid()
            .ShouldBe(left.Id);
        (await fixture.Get("needs/runs")).GetProperty("items").GetArrayLength().ShouldBeGreaterThanOrEqualTo(2);
        (await fixture.Listed("", hugo)).ShouldBe([hugo]);
    }
}
