using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Customers.Tags;
using CrmPlatform.EventSourcing;

namespace CrmPlatform.Customers.Tests.Tags;

/// <summary>How many tags there may be. A room of its own: the test fills its dictionary.</summary>
public sealed class TagLimitTests(CustomersFixture fixture) : IClassFixture<CustomersFixture>
{
    [Fact]
    public async Task the_dictionary_holds_5000_tags_however_many_are_defined_at_once()
    {
        var (http, now) = (fixture.All(), fixture.Clock.GetUtcNow());
        foreach (var codes in Enumerable.Range(1, TagDictionary.Most - 5).Select(i => $"t{i}").Chunk(1_000))
            await fixture.Store.Execute([
                .. codes.Select(code => Write.To(Tag.Of(code), _ => new ITagEvent[] { new TagDefined(code, TagDefinition.Plain, now) })),
            ]);
        var answers = await Task.WhenAll(
            Enumerable.Range(1, 20).Select(i => http.PostAsJsonAsync("/api/customers/tags", new { code = $"more-{i}" }))
        );
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(5);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
            (await TypeOf(refused)).ShouldBe("urn:crm:too-many-tags");

        var id = (await fixture.Somebody()).Id;
        (await TypeOf(await http.PostAsJsonAsync($"/api/customers/{id}/tags", new { tag = "one more" }))).ShouldBe("urn:crm:too-many-tags");
        (await http.PostAsJsonAsync($"/api/customers/{id}/tags", new { tag = "t1" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await fixture.Import("customers", "name,tags\n王多,one more\n王留,t2\n")).ShouldBe(["2 refused too-many-tags tag", "3 recorded"]);
    }

    static async Task<string?> TypeOf(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString();
}
