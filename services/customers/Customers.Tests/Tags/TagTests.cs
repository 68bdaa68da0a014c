using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Tests.Tags;

/// <summary>Tags of customers through the API.</summary>
[Collection("customers")]
public sealed class TagTests(CustomersFixture fixture)
{
    readonly HttpClient http = fixture.All();

    static int words;

    /// <summary>A word that no other test uses.</summary>
    static string Fresh() => $"词 {Interlocked.Increment(ref words)}/%2F";

    async Task<JsonElement> Post(string path, object body, HttpStatusCode expected = HttpStatusCode.OK) =>
        await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/{path}", body), expected);

    Task<JsonElement> Tag(Guid id, string tag, string origin = "manual") => Post($"{id}/tags", new { tag, origin });

    async Task<JsonElement> Untag(Guid id, string tag, string origin) =>
        await CustomersFixture.Json(await http.DeleteAsync($"/api/customers/{id}/tags?tag={Uri.EscapeDataString(tag)}&origin={origin}"));

    async Task<JsonElement> Get(string path) => await CustomersFixture.Json(await http.GetAsync($"/api/customers/{path}"));

    /// <summary>Each tag with its origins.</summary>
    async Task<string[]> Tags(Guid id, string query = "") =>
        [
            .. (await Get($"{id}/tags{query}"))
                .GetProperty("present")
                .EnumerateArray()
                .Select(t =>
                    $"{t.GetProperty("tag")}: "
                    + string.Join(' ', t.GetProperty("origins").EnumerateArray().Select(o => o.GetProperty("origin").GetString()))
                ),
        ];

    async Task<Guid[]> With(string tag) =>
        [
            .. (await Get($"?tag={Uri.EscapeDataString(tag)}"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(i => i.GetProperty("id").GetGuid()),
        ];

    async Task<JsonElement> Defined(string code) =>
        (await Get($"tags?code={Uri.EscapeDataString(code)}")).GetProperty("items").EnumerateArray().Single();

    [Fact]
    public async Task a_tag_stays_while_a_person_says_it_and_a_rule_does_not_put_back_what_is_removed()
    {
        var ((id, _, _, _), tag) = (await fixture.Somebody(), Fresh());
        await Tag(id, tag);
        await Tag(id, tag, "rule");
        await Untag(id, tag, "rule");
        (await Tags(id)).ShouldBe([$"{tag}: manual"]);
        await Tag(id, tag, "rule");
        await Untag(id, tag, "manual");
        await Tag(id, tag, "rule");
        (await Tags(id)).ShouldBeEmpty();
        (await Get($"{id}/tags")).GetProperty("suppressed")[0].GetString().ShouldBe(tag);
        (await With(tag)).ShouldBeEmpty();
        await Post($"{id}/tags/allow", new { tag });
        await Tag(id, tag, "rule");
        (await Tags(id)).ShouldBe([$"{tag}: rule"]);
        (await With(tag)).ShouldBe([id]);
        var steps = (await Get($"{id}/tags/history")).GetProperty("items").EnumerateArray().ToList();
        steps
            .Select(s => $"{s.GetProperty("step")} {s.GetProperty("origin")}".Trim())
            .ShouldBe(["given manual", "given rule", "removed rule", "given rule", "removed manual", "allowed", "given rule"]);
    }

    [Fact]
    public async Task profile_and_list_show_a_tag_once_with_its_strongest_origin()
    {
        var ((id, _, _, _), tag) = (await fixture.Somebody(), Fresh());
        foreach (var origin in new[] { "inferred", "rule", "import" })
            await Tag(id, tag, origin);
        (await Get($"{id}")).GetProperty("tags").ToString().ShouldBe($$"""[{"tag":"{{tag}}","origin":"import"}]""");
        (await Get($"?tag={Uri.EscapeDataString(tag)}")).GetProperty("items")[0].GetProperty("tags").ToString().ShouldBe($"[\"{tag}\"]");
        var counts = await Defined(tag);
        foreach (var (count, number) in new[] { ("customers", 1), ("manual", 0), ("import", 1), ("rule", 1), ("inferred", 1) })
            counts.GetProperty(count).GetInt32().ShouldBe(number, count);
    }

    [Fact]
    public async Task renaming_changes_names_and_no_membership()
    {
        var tag = Fresh();
        Guid[] members = [(await fixture.Somebody()).Id, (await fixture.Somebody()).Id];
        foreach (var id in members)
            await Tag(id, tag);
        var before = await With(tag);
        var body = new { code = tag, definition = new { names = new Dictionary<string, string> { ["zh"] = "贵宾", ["en"] = "VIP" } } };
        await CustomersFixture.Json(await http.PutAsJsonAsync("/api/customers/tags", body));
        (await With(tag)).ShouldBe(before);
        before.ShouldBe(members, ignoreOrder: true);
        (await Defined(tag)).GetProperty("names").GetProperty("zh").GetString().ShouldBe("贵宾");
        (await Tags(members[0])).ShouldBe([$"{tag}: manual"]);
    }

    [Fact]
    public async Task a_joined_tag_is_found_by_either_word_and_was_another_before()
    {
        var (id, old, stays) = ((await fixture.Somebody()).Id, Fresh(), Fresh());
        await Tag(id, old, "import");
        var before = fixture.Clock.GetUtcNow();
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(5));
        await Tag((await fixture.Somebody()).Id, stays);
        await Post("tags/join", new { code = old, into = stays });
        await Post("tags/join", new { code = old, into = stays });
        (await With(old)).ShouldBe(await With(stays), ignoreOrder: true);
        (await With(old)).Length.ShouldBe(2);
        (await Tags(id)).ShouldBe([$"{stays}: import"]);
        (await Tags(id, $"?asOf={Uri.EscapeDataString(before.ToString("O"))}")).ShouldBe([$"{old}: import"]);
        (await Get($"{id}")).GetProperty("tags")[0].GetProperty("tag").GetString().ShouldBe(stays);
        await Tag(id, old, "rule");
        (await Tags(id)).ShouldBe([$"{stays}: import rule"]);
        ((await Defined(stays)).GetProperty("customers").GetInt32(), (await Defined(old)).GetProperty("state").GetString()).ShouldBe(
            (2, "joined")
        );
        (await Post("tags/join", new { code = stays, into = old }, HttpStatusCode.UnprocessableEntity))
            .GetProperty("type")
            .GetString()
            .ShouldBe("urn:crm:tag-joined");
    }

    [Fact]
    public async Task a_tag_that_expires_is_gone_at_its_instant_and_the_clock_dates_the_fact_there()
    {
        var (id, tag) = ((await fixture.Somebody()).Id, Fresh());
        await Post("tags", new { code = tag, definition = new { expiresDays = 3 } }, HttpStatusCode.Created);
        await Tag(id, tag, "rule");
        var until = (await Get($"{id}/tags")).GetProperty("present")[0].GetProperty("origins")[0].GetProperty("until").GetDateTimeOffset();
        fixture.Clock.Advance(TimeSpan.FromDays(3.5));
        (await Tags(id)).ShouldBeEmpty("a read does not wait for the clock");
        (await With(tag)).ShouldBeEmpty();
        (await Defined(tag)).GetProperty("customers").GetInt32().ShouldBe(0);
        (await Get($"{id}")).GetProperty("tags").GetArrayLength().ShouldBe(0);
        (await fixture.RunDue<ExpireTags>()).ShouldBe(1);
        (await fixture.RunDue<ExpireTags>()).ShouldBe(0);
        var last = (await Get($"{id}/tags/history")).GetProperty("items").EnumerateArray().Last();
        (last.GetProperty("step").GetString(), last.GetProperty("occurredAt").GetDateTimeOffset()).ShouldBe(("expired", until));
        (await Tags(id, $"?asOf={Uri.EscapeDataString(until.AddMinutes(-1).ToString("O"))}")).ShouldBe([$"{tag}: rule"]);
    }

    [Fact]
    public async Task forgetting_takes_every_tag_and_its_history_away()
    {
        var (id, tag) = ((await fixture.Somebody()).Id, Fresh());
        await Tag(id, tag);
        await Tag(id, tag, "rule");
        await Post($"{id}/forget", new { });
        (await With(tag)).ShouldBeEmpty();
        (await Tags(id)).ShouldBeEmpty();
        (await Get($"{id}/tags?asOf=2199-01-01")).GetProperty("present").GetArrayLength().ShouldBe(0);
        (await Get($"{id}/tags/history")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await Defined(tag)).GetProperty("customers").GetInt32().ShouldBe(0);
        (await Post($"{id}/tags", new { tag }, HttpStatusCode.UnprocessableEntity))
            .GetProperty("type")
            .GetString()
            .ShouldBe("urn:crm:customer-forgotten");
    }
}
