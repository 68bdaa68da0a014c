using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CrmPlatform.Customers.Tests;

[Collection("customers")]
public sealed class DirectoryTests(CustomersFixture fixture)
{
    [Theory]
    [InlineData("phone")]
    [InlineData("email")]
    [InlineData("name")]
    [InlineData("id")]
    public async Task a_customer_is_found_by(string by)
    {
        var person = await fixture.Somebody(by == "name" ? "司马相如测" : null);
        object search = by switch
        {
            "phone" => new { phone = person.Phone[3..] },
            "email" => new { email = person.Email.ToUpperInvariant() },
            "name" => new { name = "马相如" },
            _ => new { id = person.Id },
        };
        var items = (await CustomersFixture.Json(await fixture.All().PostAsJsonAsync("/api/customers/search", search))).GetProperty(
            "items"
        );
        items.EnumerateArray().Select(i => i.GetProperty("id").GetGuid()).ShouldContain(person.Id);
    }

    [Theory]
    [InlineData("Ｏｚａｎ İlker测", "ozan ilker测")]
    [InlineData("Chloe\u0301 Petit测", "CHLOÉ PETIT测")]
    public async Task a_name_is_found_in_any_spelling(string name, string typed)
    {
        var person = await fixture.Somebody(name);
        var found = await CustomersFixture.Json(await fixture.All().PostAsJsonAsync("/api/customers/search", new { name = typed }));
        found.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid()).ShouldBe([person.Id]);
    }

    [Fact]
    public async Task a_phone_that_is_no_valid_number_is_kept_and_cannot_be_searched()
    {
        var http = fixture.All();
        var request = new { kind = "individual", contacts = new[] { new { kind = "phone", value = " 6552 9988 (home) " } } };
        var id = (await (await http.PostAsJsonAsync("/api/customers", request)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id");
        var read = await http.GetFromJsonAsync<JsonElement>($"/api/customers/{id.GetGuid()}");
        read.GetProperty("details").GetProperty("contacts")[0].GetProperty("value").GetString().ShouldBe("6552 9988 (home)");
        (await http.PostAsJsonAsync("/api/customers/search", new { phone = "6552 9988" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task a_listed_customer_has_the_version_and_kind_that_a_read_shows()
    {
        var http = fixture.All();
        var request = new { kind = "individual", profile = new { birthDate = "1990-12-31", gender = "female" } };
        var done = await (await http.PostAsJsonAsync("/api/customers", request)).Content.ReadFromJsonAsync<JsonElement>();
        var id = done.GetProperty("id").GetGuid();
        var read = await http.GetAsync($"/api/customers/{id}");
        var found = (await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers/search", new { id })))
            .GetProperty("items")
            .EnumerateArray()
            .Single();
        $"\"{found.GetProperty("version").GetInt64()}\"".ShouldBe(read.Headers.ETag!.Tag);
        found.GetProperty("kind").GetString().ShouldBe("individual");
    }

    [Fact]
    public async Task lists_are_paged_without_gap_or_repetition()
    {
        for (var i = 0; i < 5; i++)
            await fixture.Somebody();
        var (seen, after) = (new List<Guid>(), (string?)null);
        do
        {
            var page = await CustomersFixture.Json(
                await fixture.All().GetAsync($"/api/customers?limit=2{(after is null ? "" : "&after=" + after)}")
            );
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid()));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        } while (after is not null);
        seen.Distinct().Count().ShouldBe(seen.Count);
        seen.Count.ShouldBeGreaterThanOrEqualTo(5);
    }
}
