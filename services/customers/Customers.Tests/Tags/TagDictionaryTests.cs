using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Tags;
using CrmPlatform.EventSourcing;
using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.Customers.Tests.Tags;

/// <summary>The dictionary of tags.</summary>
[Collection("customers")]
public sealed class TagDictionaryTests(CustomersFixture fixture)
{
    readonly HttpClient http = fixture.All();

    static async Task<string?> Type(Task<HttpResponseMessage> answer) =>
        JsonSerializer.Deserialize<JsonElement>(await (await answer).Content.ReadAsStringAsync()).TryGetProperty("type", out var type)
            ? type.GetString()
            : null;

    Task<HttpResponseMessage> Post(string path, object body) => http.PostAsJsonAsync($"/api/customers/{path}", body);

    [Fact]
    public async Task a_word_that_is_used_first_is_defined_by_its_use_and_may_be_revised()
    {
        var id = (await fixture.Somebody()).Id;
        await CustomersFixture.Json(await Post($"{id}/tags", new { tag = " 高净值 " }));
        var shown = (await http.GetFromJsonAsync<JsonElement>("/api/customers/tags?code=高净值")).GetProperty("items")[0];
        (shown.GetProperty("code").GetString(), shown.GetProperty("state").GetString()).ShouldBe(("高净值", "active"));
        (await Post("tags", new { code = "高净值" })).StatusCode.ShouldBe(HttpStatusCode.OK, "the same again");
        (await Type(Post("tags", new { code = "高净值", definition = new { sensitive = true } }))).ShouldBe("urn:crm:duplicate-tag");
        var body = new { code = "高净值", definition = new { sensitive = true } };
        await CustomersFixture.Json(await http.PutAsJsonAsync("/api/customers/tags", body));
        (await Type(Post($"{(await fixture.Somebody()).Id}/tags", new { tag = "高净值", origin = "rule" }))).ShouldBe(
            "urn:crm:tag-sensitive"
        );
    }

    [Fact]
    public async Task a_retired_tag_is_refused_at_every_door_and_members_keep_it()
    {
        var id = (await fixture.Somebody()).Id;
        await CustomersFixture.Json(await Post($"{id}/tags", new { tag = "retired" }));
        await CustomersFixture.Json(await Post("tags/retire", new { code = "retired" }));
        (await Type(Post($"{(await fixture.Somebody()).Id}/tags", new { tag = "retired" }))).ShouldBe("urn:crm:tag-retired");
        (await Type(Post("", new { kind = "individual", tags = new[] { "retired" } }))).ShouldBe("urn:crm:tag-retired");
        (await fixture.Import("customers", "name,tags\n王退,retired\n王留,kept\n")).ShouldBe(["2 refused tag-retired tags", "3 recorded"]);
        (await http.GetFromJsonAsync<JsonElement>($"/api/customers/{id}")).GetProperty("tags").GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("tags/retire", """{"code":"nobody"}""", "tag-unknown")]
    [InlineData("tags/join", """{"code":"nobody","into":"a"}""", "tag-unknown")]
    [InlineData("tags/join", """{"code":"a","into":"nobody"}""", "tag-unknown")]
    [InlineData("tags/join", """{"code":"a","into":"a"}""", "tag-joined")]
    [InlineData("tags", """{"code":"b","definition":{"names":{"zh":"\u200b"}}}""", "invalid-name")]
    [InlineData("tags", """{"code":"b","definition":{"names":{"中文":"b"}}}""", "invalid-name")]
    public async Task what_does_not_hold_together_is_refused(string path, string body, string type)
    {
        await Post("tags", new { code = "a" });
        (
            await Type(http.PostAsync($"/api/customers/{path}", new StringContent(body, System.Text.Encoding.UTF8, "application/json")))
        ).ShouldBe($"urn:crm:{type}");
    }

    [Fact]
    public async Task words_of_before_the_dictionary_become_tags_of_it()
    {
        var (id, now) = ((await fixture.Somebody()).Id, fixture.Clock.GetUtcNow());
        await fixture.Store.Execute([
            Write.To(Customer.Of(id), _ => new ICustomerEvent[] { new CustomerTagged("旧词", TagOrigin.Manual, now) }),
        ]);
        (await fixture.RunDue<DefineOldTags>()).ShouldBe(1);
        (await fixture.RunDue<DefineOldTags>()).ShouldBe(0);
        var shown = (await http.GetFromJsonAsync<JsonElement>("/api/customers/tags?code=旧词")).GetProperty("items")[0];
        shown.GetProperty("customers").GetInt32().ShouldBe(1);
        await CustomersFixture.Json(await Post("tags/retire", new { code = "旧词" }));
    }

    [Fact]
    public async Task views_of_tags_are_the_same_after_a_rebuild()
    {
        var (id, other) = ((await fixture.Somebody()).Id, (await fixture.Somebody()).Id);
        foreach (var tag in new[] { "rebuilt-a", "rebuilt-b", "rebuilt-c" })
            await CustomersFixture.Json(await Post($"{id}/tags", new { tag }));
        await CustomersFixture.Json(await Post($"{other}/tags", new { tag = "rebuilt-c", origin = "rule" }));
        await CustomersFixture.Json(await Post("tags/join", new { code = "rebuilt-a", into = "rebuilt-b" }));
        await CustomersFixture.Json(await Post("tags/join", new { code = "rebuilt-b", into = "rebuilt-c" }));
        await CustomersFixture.Json(await http.DeleteAsync($"/api/customers/{id}/tags?tag=rebuilt-c"));
        var before = await Rows();
        before.Count(row => row.Contains("rebuilt-", StringComparison.Ordinal)).ShouldBe(4, "three tags and one member");
        foreach (var view in new[] { "tag-dictionary", "tag-members" })
            (await Post($"ops/rebuild/{view}", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Rows()).ShouldBe(before);
    }

    Task<List<string>> Rows() =>
        fixture.Db.Query<string>(
            """
            select d::text from tag_dictionary d union all select m::text from tag_members m union all select c::text from tag_count c
            order by 1
            """,
            null,
            CancellationToken.None
        );
}
