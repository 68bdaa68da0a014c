using System.Text.Json;
using CrmPlatform.Segmentation.Grading;
using CrmPlatform.Segmentation.Tests.Groups;
using Microsoft.Extensions.DependencyInjection;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Grading;

/// <summary>What a run measures, and which runs publish.</summary>
public class GradingTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    DateTimeOffset Now => fixture.Clock.GetUtcNow();

    static List<JsonElement> Parts(JsonElement why) => [.. why.GetProperty("indicators").EnumerateArray()];

    [Fact]
    public async Task the_numbers_are_those_of_the_purchases()
    {
        var (anna, bert) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        Contracts.PurchaseRecorded[] purchases =
        [
            Purchase(anna, 100, Now.AddDays(-50)),
            Purchase(anna, 200.50m, Now.AddDays(-5)),
            Purchase(anna, 300, Now.AddDays(-5)),
            Purchase(bert, 10, Now.AddDays(-60)),
        ];
        await fixture.Hear("customers", [.. purchases, GroupWorld.Returned(purchases[1], 50, wholly: false, Now.AddDays(-1))]);
        await fixture.Run();
        var body = GradingWorld
            .Full.Replace("\"norm\":\"percentile\"", "\"norm\":\"minMax\",\"lo\":0,\"hi\":1000")
            .Replace("\"cap\":30", "\"cap\":10");
        await fixture.Publish("numbers", body);
        await fixture.Grade("numbers");
        var why = await fixture.Get($"customers/{anna}/grades/numbers/why");
        var values = Parts(why).ToDictionary(p => p.GetProperty("id").GetString()!, p => p.GetProperty("value").GetDouble());
        (values["net"], values["average"], values["days"], values["quiet"]).ShouldBe((450.5, 225.25, 2, 5));
        var net = Parts(why)[0];
        (net.GetProperty("norm").GetDecimal(), net.GetProperty("points").GetDecimal()).ShouldBe((45.05m, 9.01m));
        var group = why.GetProperty("groups")[0];
        (group.GetProperty("points").GetDecimal(), group.GetProperty("contribution").GetDecimal()).ShouldBe((13.515m, 10));
        Parts(why).Single(p => p.GetProperty("id").GetString() == "class").GetProperty("value").GetDouble().ShouldBeInRange(1, 3);

        // Of who bought nothing in the window nothing is known but that it is nothing.
        var other = Parts(await fixture.Get($"customers/{bert}/grades/numbers/why"));
        other[0].GetProperty("value").GetDouble().ShouldBe(0);
        other[1].GetProperty("value").ValueKind.ShouldBe(JsonValueKind.Null);
        other[1].GetProperty("norm").GetDecimal().ShouldBeGreaterThan(0, "the mean of the others");
        other[3].GetProperty("norm").ValueKind.ShouldBe(JsonValueKind.Null, "skipped");
        other.Sum(p => p.GetProperty("weight").GetDecimal()).ShouldBe(1, 1e-8m);
    }

    [Fact]
    public async Task the_score_of_a_grade_is_that_of_the_latest_run_also_where_the_grade_stays()
    {
        var id = Guid.CreateVersion7();
        await fixture.Publish("latest", GradingWorld.Plain);
        await fixture.Hear("customers", [.. Enumerable.Range(0, 3).Select(i => Purchase(id, i == 0 ? 300 : 100, Now.AddDays(-i - 3)))]);
        await fixture.Settle();
        var first = await fixture.Grade("latest");
        (await Computed()).ShouldBe(("B", 40, first));
        await fixture.Hear("customers", Purchase(id, 20, Now.AddDays(-2)));
        await fixture.Settle();
        var second = await fixture.Grade("latest");
        (await Computed()).ShouldBe(("B", 46, second));
        (await fixture.Told(id, "latest")).Count.ShouldBe(1);
        (await fixture.Get($"customers/{id}/grades/latest/why")).GetProperty("score").GetDecimal().ShouldBe(46);

        async Task<(string?, decimal, Guid)> Computed()
        {
            var computed = (await fixture.Get($"customers/{id}/grades"))
                .EnumerateArray()
                .Single(g => g.GetProperty("scheme").GetString() == "latest")
                .GetProperty("computed");
            return (
                computed.GetProperty("grade").GetString(),
                computed.GetProperty("score").GetDecimal(),
                computed.GetProperty("runId").GetGuid()
            );
        }
    }

    [Fact]
    public async Task a_run_that_looks_back_is_a_report_and_one_that_was_left_is_finished()
    {
        await fixture.Hear("customers", Purchase(Guid.CreateVersion7(), 500, Now.AddDays(-20)));
        await fixture.Publish("back", GradingWorld.Plain);
        var today = fixture.Services.GetRequiredService<Business>().DayOf(Now);
        var scheme = Schemes.Worked with { Code = "back" };
        var left = await fixture.Services.GetRequiredService<Graders>().Grade(new(TimeProvider.System), scheme, today, default);
        (await fixture.Get($"grade-schemes/back/runs/{left.Id}")).GetProperty("publishedAt").ValueKind.ShouldBe(JsonValueKind.Null);
        await fixture.Services.GetRequiredService<PublishGrades>().Run(default);
        (await fixture.Get($"grade-schemes/back/runs/{left.Id}")).GetProperty("publishedAt").ValueKind.ShouldBe(JsonValueKind.String);

        var counts = await fixture.Counts("back");
        var report = await fixture.Grade("back", asOf: today.AddDays(-10));
        (await fixture.Get($"grade-schemes/back/runs/{report}")).GetProperty("publishes").GetBoolean().ShouldBeFalse();
        (await fixture.Counts("back")).ShouldBe(counts);
    }
}
