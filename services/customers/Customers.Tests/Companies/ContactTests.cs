using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Customers.Companies;

namespace CrmPlatform.Customers.Tests.Companies;

/// <summary>Contacts of companies through the API.</summary>
[Collection("customers")]
public sealed class ContactTests(CustomersFixture fixture)
{
    readonly HttpClient http = fixture.All();

    Task<JsonElement> Post(string path, object body, HttpStatusCode expected = HttpStatusCode.OK) => fixture.Post(path, body, expected);

    Task<JsonElement> Get(string path) => fixture.Get(path);

    async Task<string?> Refused(string path, object body) =>
        (await Post(path, body, HttpStatusCode.UnprocessableEntity)).GetProperty("type").GetString();

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("1899-12-31")]
    [InlineData("2200-01-01")]
    [InlineData("0001-01-01T00:00:00Z")]
    public async Task a_question_about_the_ends_of_time_is_refused(string asOf)
    {
        var company = await fixture.Company();
        var answer = await http.GetAsync($"/api/customers/companies/{company}/coverage?asOf={asOf}");
        (await CustomersFixture.Json(answer, HttpStatusCode.BadRequest)).GetProperty("field").GetString().ShouldBe("asOf");
    }

    [Fact]
    public async Task a_contact_is_added_once_by_its_reference_and_another_content_is_refused()
    {
        var company = await fixture.Company();
        object Ann(string title) =>
            new
            {
                source = "erp",
                reference = " 7 ",
                department = "Purchasing",
                card = new
                {
                    name = "欧阳采购",
                    title,
                    contacts = new[] { new { kind = "phone", value = "138 0013 8000" } },
                },
            };
        var first = await Post($"companies/{company}/contacts", Ann("经理"), HttpStatusCode.Created);
        (await Post($"companies/{company}/contacts", Ann("经理"))).ToString().ShouldBe(first.ToString());
        (await Post($"companies/{company}/contacts", Ann("总监"), HttpStatusCode.Conflict))
            .GetProperty("type")
            .GetString()
            .ShouldBe("urn:crm:contact-known");
        var id = first.GetProperty("id").GetGuid();
        await CustomersFixture.Json(
            await http.PutAsJsonAsync($"/api/customers/contacts/{id}", new { card = new { name = "欧阳采购", title = "总监" } })
        );
        var shown = (await Get($"companies/{company}/contacts")).GetProperty("items")[0];
        shown.GetProperty("card").GetProperty("title").GetString().ShouldBe("总监");
        shown.GetProperty("personal").GetString().ShouldBe("shown");
    }

    [Fact]
    public async Task one_person_is_a_contact_of_two_companies_by_reference_and_with_a_basis()
    {
        var (a, b, person) = (await fixture.Company(), await fixture.Company(), await fixture.Somebody());
        (await Refused($"companies/{a}/contacts", new { personId = person.Id })).ShouldBe("urn:crm:person-without-basis");
        (await Refused($"companies/{a}/contacts", new { personId = person.Id, basis = "consent" })).ShouldBe(
            "urn:crm:person-without-basis"
        );
        (await Refused($"companies/{a}/contacts", new { personId = b, basis = "contract" })).ShouldBe("urn:crm:person-without-basis");
        (
            await Refused(
                $"companies/{a}/contacts",
                new
                {
                    personId = person.Id,
                    basis = "contract",
                    card = new { name = "x" },
                }
            )
        ).ShouldBe("urn:crm:person-is-reference");
        (await Refused($"companies/{person.Id}/contacts", new { })).ShouldBe("urn:crm:enterprise-only");
        await Post(
            $"{person.Id}/consents",
            new
            {
                purpose = AddContact.Purpose,
                channel = "email",
                granted = true,
                noticeVersion = "1",
            }
        );
        await Post($"companies/{a}/contacts", new { personId = person.Id, basis = "consent" }, HttpStatusCode.Created);
        await Post($"companies/{b}/contacts", new { personId = person.Id, basis = "contract" }, HttpStatusCode.Created);
        foreach (var company in new[] { a, b })
            (await Get($"companies/{company}/contacts"))
                .GetProperty("items")[0]
                .GetProperty("card")
                .GetProperty("name")
                .GetString()
                .ShouldBe(person.Name);

        await Post($"{person.Id}/forget", new { });
        foreach (var company in new[] { a, b })
            (await Get($"companies/{company}/contacts")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task leaving_ends_all_roles_and_who_returns_has_none()
    {
        var id = await fixture.Contact(await fixture.Company());
        await Post($"contacts/{id}/roles", new { role = "decider", strength = 5 });
        await Post($"contacts/{id}/roles", new { role = "decider", strength = 5 });
        await Post(
            $"contacts/{id}/roles",
            new
            {
                role = "user",
                strength = 2,
                scope = "opportunity-7",
            }
        );
        await Post($"contacts/{id}/leave", new { });
        await Post($"contacts/{id}/leave", new { });
        (await Refused($"contacts/{id}/roles", new { role = "user", strength = 1 })).ShouldBe("urn:crm:contact-left");
        var left = await Get($"contacts/{id}");
        left.GetProperty("roles").GetArrayLength().ShouldBe(2);
        foreach (var role in left.GetProperty("roles").EnumerateArray())
            role.GetProperty("until").GetDateTimeOffset().ShouldBe(left.GetProperty("leftAt").GetDateTimeOffset());
        await Post($"contacts/{id}/return", new { });
        await Post($"contacts/{id}/roles", new { role = "decider", strength = 1 });
        (await http.DeleteAsync($"/api/customers/contacts/{id}/roles?role=decider")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.DeleteAsync($"/api/customers/contacts/{id}/roles?role=decider")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.DeleteAsync($"/api/customers/contacts/{id}/roles?role=king")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task coverage_counts_roles_of_whom_was_spoken_with_in_90_days()
    {
        var (company, person) = (await fixture.Company(), await fixture.Somebody());
        var decider = await fixture.Contact(company);
        var user = (await Post($"companies/{company}/contacts", new { personId = person.Id, basis = "contract" }, HttpStatusCode.Created))
            .GetProperty("id")
            .GetGuid();
        async Task<(bool, decimal)> Covered(string query = "") =>
            await Get($"companies/{company}/coverage{query}") is var c
                ? (c.GetProperty("covered").GetBoolean(), c.GetProperty("share").GetDecimal())
                : default;
        (await Covered()).ShouldBe((false, 0m));
        await Post($"contacts/{decider}/roles", new { role = "decider", strength = 3 });
        await Post($"contacts/{user}/roles", new { role = "user", strength = 3 });
        (await Covered()).ShouldBe((true, 0m));
        async Task Spoken(Guid customer, Guid? contact) =>
            await Post(
                $"{customer}/interactions",
                new
                {
                    channel = "phone",
                    direction = "outbound",
                    topic = "offer",
                    occurredAt = fixture.Clock.GetUtcNow(),
                    contactId = contact,
                },
                HttpStatusCode.Created
            );
        await Spoken(company, decider);
        await Spoken(person.Id, null);
        await fixture.CatchUp();
        (await Covered()).ShouldBe((true, 0.5m));
        var then = fixture.Clock.GetUtcNow();
        (await Covered($"?asOf={Uri.EscapeDataString(then.AddDays(89).ToString("O"))}")).ShouldBe((true, 0.5m));
        (await Covered($"?asOf={Uri.EscapeDataString(then.AddDays(91).ToString("O"))}")).ShouldBe((true, 0m));
        await Post($"contacts/{decider}/leave", new { });
        (await Covered()).ShouldBe((false, 0.25m));
        (
            await Refused(
                $"{await fixture.Company()}/interactions",
                new
                {
                    channel = "phone",
                    direction = "outbound",
                    topic = "offer",
                    occurredAt = then,
                    contactId = decider,
                }
            )
        ).ShouldBe("urn:crm:contact-unknown");
    }
}
