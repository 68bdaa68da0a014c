using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.RuleSegments;
using CrmPlatform.Segmentation.Tests.Groups;

namespace CrmPlatform.Segmentation.Tests.RuleSegments;

/// <summary>Who is pinned, by whom and until when; what is said twice; and who edits a segment at the same time.</summary>
public class SegmentPinTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    DateTimeOffset Now => fixture.Clock.GetUtcNow();

    Task<JsonElement> Pin(string code, bool? @in, DateTimeOffset? until, params Guid[] customers) =>
        fixture
            .Editor()
            .Do(
                HttpMethod.Post,
                $"rule-segments/{code}/pins",
                new
                {
                    customers,
                    @in,
                    reason = "vip-list",
                    until,
                }
            );

    async Task<List<JsonElement>> Pins(string code, string query = "") =>
        [.. (await fixture.Get($"rule-segments/{code}/pins{query}")).GetProperty("items").EnumerateArray()];

    [Fact]
    public async Task the_same_pin_twice_is_written_once_and_shown()
    {
        Guid[] some = [await fixture.Known(), await fixture.Known(), await fixture.Known()];
        await fixture.Publish("pins", SegmentWorld.Bought("shown-pins", 1));
        (await Pins("pins")).ShouldBeEmpty();
        var until = Now.AddDays(3);
        await Pin("pins", null, null, some[0]);
        await Pin("pins", true, until, some);
        var before = await Versions();
        await Pin("pins", true, until, some);
        (await Versions()).ShouldBe(before, "the same again changes nothing");

        await Pin("pins", false, null, some[2]);
        var pins = await Pins("pins");
        pins.Select(p => p.GetProperty("customerId").GetGuid()).ShouldBe(some.Order());
        var kept = pins.Single(p => p.GetProperty("customerId").GetGuid() == some[0]);
        (kept.GetProperty("in").GetBoolean(), kept.GetProperty("reason").GetString()).ShouldBe((true, "vip-list"));
        kept.GetProperty("by").GetString().ShouldNotBeNullOrEmpty();
        kept.GetProperty("until").GetDateTimeOffset().ShouldBe(until, TimeSpan.FromMilliseconds(1));
        pins.Single(p => p.GetProperty("customerId").GetGuid() == some[2]).GetProperty("in").GetBoolean().ShouldBeFalse();
        var first = await fixture.Get("rule-segments/pins/pins?limit=2");
        (await Pins("pins", $"?limit=2&after={first.GetProperty("next").GetString()}")).Count.ShouldBe(1);

        // Pins end by themselves, by hand, and with the person.
        fixture.Clock.Advance(TimeSpan.FromDays(4));
        (await Pins("pins")).ShouldHaveSingleItem().GetProperty("customerId").GetGuid().ShouldBe(some[2]);
        await Pin("pins", null, null, some[0]);
        (await Versions())[0].ShouldBe(before[0], "it had ended");
        await Pin("pins", true, null, some[0], some[1]);
        await fixture.Hear("customers", new Contracts.CustomerForgotten(some[0], Now));
        await Pin("pins", null, null, some[1]);
        (await Pins("pins")).ShouldHaveSingleItem().GetProperty("customerId").GetGuid().ShouldBe(some[2]);

        async Task<List<long>> Versions()
        {
            var versions = new List<long>();
            foreach (var id in some)
                versions.Add((await fixture.Store.FetchStream(id))[^1].Version);
            return versions;
        }
    }

    [Fact]
    public async Task whoever_edits_what_somebody_else_has_changed_is_told()
    {
        await fixture.Publish("edited", SegmentWorld.Bought("edited", 1));
        var read = await fixture.Editor().GetAsync("/api/segmentation/rule-segments/edited");
        var tag = read.Headers.ETag!.ToString();
        (await Send(HttpMethod.Put, "rule-segments/edited", tag, 2)).ShouldBe(HttpStatusCode.OK);
        (await Send(HttpMethod.Put, "rule-segments/edited", tag, 3)).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Send(HttpMethod.Post, "rule-segments/edited/publish", tag)).ShouldBe(HttpStatusCode.PreconditionFailed);
        var now = (await fixture.Editor().GetAsync("/api/segmentation/rule-segments/edited")).Headers.ETag!.ToString();
        now.ShouldNotBe(tag);
        (await Send(HttpMethod.Post, "rule-segments/edited/publish", now)).ShouldBe(HttpStatusCode.OK);

        var extra = await fixture.Editor().PostAsJsonAsync("/api/segmentation/rule-segments/edited/publish", new { previewId = "x" });
        extra.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await extra.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe("previewId");

        async Task<HttpStatusCode> Send(HttpMethod method, string path, string ifMatch, int? atLeast = null)
        {
            var draft = new
            {
                names = new { zh = "改", en = "Edited" },
                purpose = "service",
                rule = SegmentWorld.Bought("edited", atLeast ?? 1),
            };
            using var request = new HttpRequestMessage(method, "/api/segmentation/" + path)
            {
                Content = atLeast is null ? null : JsonContent.Create(draft),
            };
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(ifMatch));
            return (await fixture.Editor().SendAsync(request)).StatusCode;
        }
    }
}
