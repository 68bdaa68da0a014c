using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Tests.Groups;

namespace CrmPlatform.Segmentation.Tests.Definitions;

public sealed class PublishDefinitionTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public async Task a_change_is_a_new_version_and_the_same_again_is_none()
    {
        (await Put("changing", """{"name":"One","windowDays":30}""")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (
            await Put("changing", """{"name":"One","windowDays":30,"weights":{"recency":0.5,"frequency":0.3,"monetary":0.2}}""")
        ).Headers.ETag!.Tag.ShouldBe("\"1\"");
        (await Put("changing", """{"name":"One","windowDays":60}""")).Headers.ETag!.Tag.ShouldBe("\"2\"");
        var versions = (await fixture.Get("definitions/changing")).EnumerateArray().ToList();
        versions.Select(v => v.GetProperty("version").GetInt32()).ShouldBe([2, 1]);
        versions.Select(v => v.GetProperty("windowDays").GetInt32()).ShouldBe([60, 30]);
    }

    [Fact]
    public async Task the_list_begins_with_the_built_in_one_and_pages_hold_each_once()
    {
        foreach (var code in new[] { "a-list", "z-list", "1-list" })
            await Put(code, """{"name":"Listed"}""");
        var (codes, after) = (new List<string?>(), "");
        do
        {
            var page = await fixture.Get($"definitions?limit=1{after}");
            codes.AddRange(page.GetProperty("items").EnumerateArray().Select(d => d.GetProperty("code").GetString()));
            after = page.GetProperty("next").GetString() is { } next ? $"&after={next}" : "";
        } while (after.Length > 0);
        codes[0].ShouldBe("default");
        codes.Skip(1).ShouldBe(codes.Skip(1).Order(StringComparer.Ordinal));
        codes.ShouldBeUnique();
        codes.ShouldContain("1-list");
        codes.ShouldContain("z-list");
    }

    [Theory]
    [InlineData("default", """{"name":"Mine"}""", 422, "definition-built-in", "code")]
    [InlineData("bad", """{"name":"x","weights":{"recency":0.5,"frequency":0.5,"monetary":0.5}}""", 422, "weights", "weights")]
    [InlineData("bad", """{"name":"x","shareOfA":0.95,"shareOfB":0.8}""", 422, "thresholds", "shareOfA")]
    [InlineData("bad", """{"name":"x","shareOfA":0}""", 422, "thresholds", "shareOfA")]
    [InlineData("bad", """{"name":"x","windowDays":0}""", 400, "invalid-request", "windowDays")]
    [InlineData("bad", """{"name":"x","frequency":"weeks"}""", 400, "invalid-request", "frequency")]
    [InlineData("bad", """{"windowDays":1}""", 400, "invalid-request", "name")]
    [InlineData("bad", """{"name":"x","segments":[]}""", 400, "invalid-request", "segments")]
    [InlineData("BAD", """{"name":"x"}""", 400, "invalid-request", "code")]
    public async Task what_cannot_be_is_refused_with_its_field(string code, string body, int status, string type, string field) =>
        await Refused(await Put(code, body), status, type, field);

    [Theory]
    [InlineData("[30,90,180,365]", "[2,4,8,13]", "[1,2,3,4]", 422, "edges-not-ascending", "edges.recencyDays")]
    [InlineData("[365,180,90,-1]", "[2,4,8,13]", "[1,2,3,4]", 422, "edges-not-ascending", "edges.recencyDays")]
    [InlineData("[365,180,90,30]", "[2,4,4,13]", "[1,2,3,4]", 422, "edges-not-ascending", "edges.frequency")]
    [InlineData("[365,180,90,30]", "[2,4,8,13]", "[4,3,2,1]", 422, "edges-not-ascending", "edges.monetary")]
    [InlineData("[365,180,90,30]", "[2,4,8,13]", "[1,2,3,1000000000001]", 422, "edges-not-ascending", "edges.monetary")]
    [InlineData("[365,180,90,30]", "[-9223372036854775808,4,8,13]", "[1,2,3,4]", 422, "edges-not-ascending", "edges.frequency")]
    [InlineData("[365,180,90]", "[2,4,8,13]", "[1,2,3,4]", 400, "invalid-request", "edges.recencyDays")]
    public async Task edges_lead_from_worse_to_better(string days, string orders, string amounts, int status, string type, string field) =>
        await Refused(
            await Put("edged", $$$"""{"name":"x","edges":{"recencyDays":{{{days}}},"frequency":{{{orders}}},"monetary":{{{amounts}}} }}"""),
            status,
            type,
            field
        );

    [Theory]
    [InlineData("Best", 5, 5, "Best", 1, 5, 422, "segment-twice", "segments[1].name")]
    [InlineData("Others", 5, 5, "Best", 1, 5, 422, "segment-twice", "segments[0].name")]
    [InlineData("Best", 5, 4, "Rest", 1, 5, 422, "edges-not-ascending", "segments[0]")]
    [InlineData("Best", 0, 4, "Rest", 1, 5, 400, "invalid-request", "segments[0].recency.from")]
    public async Task a_table_names_each_segment_once(
        string one,
        int from,
        int to,
        string other,
        int low,
        int high,
        int status,
        string type,
        string field
    )
    {
        static string Segment(string name, int from, int to) =>
            $$$"""{"name":"{{{name}}}","recency":{{{Range(from, to)}}},"frequency":{{{Range(1, 5)}}},"monetary":{{{Range(1, 5)}}} }""";
        static string Range(int from, int to) => $$"""{"from":{{from}},"to":{{to}}}""";
        await Refused(
            await Put("table", $$"""{"name":"x","segments":[{{Segment(one, from, to)}},{{Segment(other, low, high)}}]}"""),
            status,
            type,
            field
        );
    }

    [Fact]
    public async Task a_run_by_a_definition_that_nobody_published_is_refused() =>
        await Refused(
            await fixture.Http("segmentation.run").PostAsJsonAsync("/api/segmentation/runs", new { definition = "nobody" }),
            422,
            "definition-unknown",
            "definition"
        );

    Task<HttpResponseMessage> Put(string code, string body) =>
        fixture
            .Http("segmentation.definitions.write")
            .PutAsync($"/api/segmentation/definitions/{code}", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

    static async Task Refused(HttpResponseMessage answer, int status, string type, string field)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        ((int)answer.StatusCode, problem.GetProperty("type").GetString()).ShouldBe((status, $"urn:crm:{type}"));
        // What the attributes of a body say may be wrong in several places at once.
        if (problem.TryGetProperty("errors", out var errors))
            errors.EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe(field);
        else
            problem.GetProperty("field").GetString().ShouldBe(field);
    }
}
