using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Grading;
using CrmPlatform.Segmentation.Tests.Groups;
using Microsoft.Extensions.DependencyInjection;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Grading;

public class PublishSchemeTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public async Task a_change_is_a_new_version_and_the_same_again_is_none()
    {
        (await fixture.Publish("changing", GradingWorld.Full)).Headers.ETag!.Tag.ShouldBe("\"1\"");
        (await fixture.Publish("changing", GradingWorld.Full.Replace("0.2,", "0.20,"))).Headers.ETag!.Tag.ShouldBe("\"1\"");
        (await fixture.Publish("changing", GradingWorld.Plain)).Headers.ETag!.Tag.ShouldBe("\"2\"");
        var versions = (await fixture.Get("grade-schemes/changing")).EnumerateArray().ToList();
        versions.Select(v => v.GetProperty("version").GetInt32()).ShouldBe([2, 1]);
        versions[1].GetProperty("indicators").GetArrayLength().ShouldBe(6);
        (await fixture.Get("grade-schemes"))
            .GetProperty("items")
            .EnumerateArray()
            .ShouldContain(s => s.GetProperty("code").GetString() == "changing" && s.GetProperty("version").GetInt32() == 2);
    }

    [Theory]
    [InlineData("abc", "", "", 422, "scheme-built-in", "code")]
    [InlineData("bad", "\"weight\":0.5", "\"weight\":0.6", 422, "weights", "indicators")]
    [InlineData("bad", "\"from\":60", "\"from\":80", 422, "grades-not-covering", "grades")]
    [InlineData("bad", "\"from\":0", "\"from\":1", 422, "grades-not-covering", "grades")]
    [InlineData("bad", "\"grade\":\"A\"", "\"grade\":\"S\"", 422, "grades-not-covering", "grades")]
    [InlineData("bad", "\"id\":\"orders\"", "\"id\":\"amount\"", 422, "indicator-twice", "indicators[1].id")]
    [InlineData("bad", "\"hi\":10}", "\"hi\":0}", 422, "bounds", "indicators[1].hi")]
    [InlineData("bad", ",\"hi\":10}", "}", 422, "bounds", "indicators[1].hi")]
    [InlineData("bad", "minMax\",\"lo\":0,\"hi\":10}", "percentile\",\"lo\":0}", 422, "bounds", "indicators[1].lo")]
    [InlineData("bad", "\"hi\":10}", "\"hi\":10,\"group\":\"x\"}", 422, "group-unknown", "indicators[1].group")]
    [InlineData("bad", "{\"purchases\":{\"measure\":\"count\"}}", "{}", 422, "source", "indicators[1].source")]
    [InlineData("bad", "\"measure\":\"count\"}", "\"measure\":\"count\"},\"score\":\"abc\"", 422, "source", "indicators[1].source")]
    [InlineData(
        "bad",
        "\"grades\":",
        "\"groups\":[{\"id\":\"g\",\"cap\":1},{\"id\":\"g\",\"cap\":2}],\"grades\":",
        422,
        "group-twice",
        "groups[1].id"
    )]
    [InlineData("bad", "\"measure\":\"count\"", "\"days\":3", 400, "invalid-request", "indicators[1].source.purchases.measure")]
    [InlineData("BAD", "", "", 400, "invalid-request", "code")]
    public async Task what_cannot_be_is_refused_with_its_field(
        string code,
        string what,
        string instead,
        int status,
        string type,
        string field
    )
    {
        var answer = await fixture.Publish(code, what.Length == 0 ? GradingWorld.Plain : GradingWorld.Plain.Replace(what, instead));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        ((int)answer.StatusCode, problem.GetProperty("type").GetString()).ShouldBe((status, $"urn:crm:{type}"));
        if (problem.TryGetProperty("errors", out var errors))
            errors.EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe(field);
        else
            problem.GetProperty("field").GetString().ShouldBe(field);
        (await fixture.Http("segmentation.read").GetAsync($"/api/segmentation/grade-schemes/{code}")).IsSuccessStatusCode.ShouldBeFalse();
    }

    [Fact]
    public async Task there_are_twenty_indicators_and_twenty_grades_at_most()
    {
        var one = GradingWorld
            .Plain[GradingWorld.Plain.IndexOf("{\"id\":\"amount", StringComparison.Ordinal)..]
            .Split('\n')[0]
            .TrimEnd(',');
        string Some(int i, int n) => one.Replace("amount", $"i{i}").Replace("0.5", i == 0 ? $"{1 - (0.01 * (n - 1)):0.00}" : "0.01");
        string With(int n) =>
            $$"""
                {"name":"x","indicators":[{{string.Join(',', Enumerable.Range(0, n).Select(i => Some(i, n)))}}],
                 "grades":[{"grade":"A","from":0}]}
                """;
        (await fixture.Publish("many", With(20))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await fixture.Publish("many", With(21))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var grades = string.Join(',', Enumerable.Range(0, 21).Select(i => $$"""{"grade":"{{i}}","from":{{20 - i}}}"""));
        (
            await fixture.Publish("many", $$"""{"name":"x","indicators":[{{one.Replace("0.5", "1")}}],"grades":[{{grades}}]}""")
        ).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task each_published_scheme_grades_at_night_once()
    {
        var id = Guid.CreateVersion7();
        await fixture.Hear("customers", Purchase(id, 900, fixture.Clock.GetUtcNow().AddDays(-2)));
        await fixture.Publish("nightly", GradingWorld.Full);
        var nightly = fixture.Services.GetRequiredService<NightlyGrading>();
        (await nightly.Tick(default)).ShouldBe(0, "a new scheme waits for its first midnight");
        fixture.Clock.Advance(TimeSpan.FromDays(1));
        (await nightly.Tick(default)).ShouldBeGreaterThan(0);
        (await nightly.Tick(default)).ShouldBe(0);
        (await fixture.Stands(id, "nightly")).ShouldNotBeNull();
        var why = await fixture.Get($"customers/{id}/grades/nightly/why");
        var business = fixture.Services.GetRequiredService<Business>();
        why.GetProperty("asOf").GetString().ShouldBe($"{business.DayOf(fixture.Clock.GetUtcNow()).AddDays(-1):O}");
        fixture.Clock.Advance(TimeSpan.FromDays(1));
        (await nightly.Tick(default)).ShouldBeGreaterThan(0);
        var before = await fixture.Get($"customers/{id}/grades/nightly/why?asOf={why.GetProperty("asOf")}");
        before.GetRawText().ShouldBe(why.GetRawText());
    }
}
