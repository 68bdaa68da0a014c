using System.Net;
using System.Net.Http.Json;
using CrmPlatform.Testing;

namespace CrmPlatform.Customers.Tests;

/// <summary>Seeing personal text is a permission apart.</summary>
[Collection("customers")]
public sealed class WithheldTests(CustomersFixture fixture)
{
    HttpClient Analyst() => fixture.Http("customers.read");

    [Fact]
    public async Task without_its_permission_no_answer_holds_personal_text()
    {
        var person = await fixture.Somebody("夏侯不示人");
        var profile = new
        {
            name = person.Name,
            birthDate = "1981-07-23",
            province = "海南",
            preferences = new { delivery = "after-nine" },
            psychographics = new { interests = new[] { "falconry" } },
        };
        var contacts = new[] { new { kind = "phone", value = person.Phone }, new { kind = "email", value = person.Email } };
        var addresses = new[] { new { kind = "home", street = "无名路九号" } };
        await CustomersFixture.Json(
            await fixture
                .All()
                .PutAsJsonAsync(
                    $"/api/customers/{person.Id}/profile",
                    new
                    {
                        profile,
                        contacts,
                        addresses,
                    }
                )
        );
        var company = await CustomersFixture.Json(
            await fixture
                .All()
                .PostAsJsonAsync(
                    "/api/customers",
                    new { kind = "enterprise", profile = new { contactPersons = new[] { new { name = "公孙代言", role = "decider" } } } }
                ),
            HttpStatusCode.Created
        );
        Guid[] ids = [person.Id, company.GetProperty("id").GetGuid()];
        await WithheldText.Check(
            fixture,
            ids,
            person.Name,
            person.Phone,
            person.Email,
            "1981-07-23",
            "海南",
            "after-nine",
            "falconry",
            "无名路九号",
            "公孙代言"
        );
    }

    [Fact]
    public async Task an_answer_says_whether_personal_text_is_shown()
    {
        var (id, _, _, name) = await fixture.Somebody();
        async Task<(string?, string?)> Profile(HttpClient http)
        {
            var answer = await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}"));
            var details = answer.GetProperty("details");
            return (
                answer.GetProperty("personal").GetString(),
                details.ValueKind == System.Text.Json.JsonValueKind.Null ? null : details.GetProperty("name").GetString()
            );
        }
        async Task<(string?, string?)> Listed(HttpClient http)
        {
            var answer = await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers/search", new { id }));
            var item = answer.GetProperty("items")[0];
            return (item.GetProperty("personal").GetString(), item.GetProperty("name").GetString());
        }
        (await Profile(fixture.All())).ShouldBe(("shown", name));
        (await Listed(fixture.All())).ShouldBe(("shown", name));
        (await Profile(Analyst())).ShouldBe(("withheld", null));
        (await Listed(Analyst())).ShouldBe(("withheld", null));
        await fixture.All().PostAsJsonAsync($"/api/customers/{id}/forget", new { });
        foreach (var http in new[] { fixture.All(), Analyst() })
        {
            (await Profile(http)).ShouldBe(("forgotten", null));
            (await Listed(http)).ShouldBe(("forgotten", null));
        }
    }

    [Theory]
    [InlineData("phone")]
    [InlineData("email")]
    [InlineData("name")]
    public async Task who_may_not_see_personal_text_may_not_search_by_it(string by)
    {
        var person = await fixture.Somebody();
        object search = by switch
        {
            "phone" => new { phone = person.Phone },
            "email" => new { email = person.Email },
            _ => new { name = person.Name },
        };
        var refused = await CustomersFixture.Json(
            await Analyst().PostAsJsonAsync("/api/customers/search", search),
            HttpStatusCode.Forbidden
        );
        (refused.GetProperty("type").GetString(), refused.GetProperty("detail").GetString()).ShouldBe(
            ("urn:crm:forbidden", "This request requires the permission personal.read.")
        );
        (await CustomersFixture.Json(await fixture.All().PostAsJsonAsync("/api/customers/search", search)))
            .GetProperty("items")
            .EnumerateArray()
            .ShouldContain(item => item.GetProperty("id").GetGuid() == person.Id);
    }

    [Fact]
    public async Task the_api_page_says_which_permission_shows_more()
    {
        var paths = (await CustomersFixture.Json(await fixture.Anonymous().GetAsync("/openapi/v1.json"))).GetProperty("paths");
        foreach (
            var (path, method) in new[] { ("/api/customers/{id}", "get"), ("/api/customers", "get"), ("/api/customers/search", "post") }
        )
            paths.GetProperty(path).GetProperty(method).GetProperty("description").GetString()!.ShouldContain("`personal.read`");
    }
}
