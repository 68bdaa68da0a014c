using System.Net;
using System.Net.Http.Json;
using CrmPlatform.Customers.Behaviour;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.EventSourcing;
using CrmPlatform.ServiceDefaults;
using static CrmPlatform.Customers.Tests.ImportWords;

namespace CrmPlatform.Customers.Tests;

/// <summary>What leaves the room are codes, names of places and words of a catalogue: no free text, no phone, no e-mail address.</summary>
[Collection("customers")]
public sealed class CodesTests(CustomersFixture fixture)
{
    static readonly DateTimeOffset now = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("province", "13800138000")]
    [InlineData("province", "ask ann@example.com")]
    [InlineData("city", "Deansgate 12")]
    [InlineData("ageBand", "born 1981")]
    [InlineData("ageBand", "45 - 54")]
    [InlineData("incomeBand", "138-0013-8000")]
    [InlineData("incomeBand", "13800138000")]
    [InlineData("incomeBand", "as ann@example.com said")]
    public async Task a_coarse_fact_of_a_profile_holds_no_text_about_a_person(string field, string text)
    {
        var profile = new Dictionary<string, string> { [field] = text };
        await Refused("/api/customers", new { kind = "individual", profile }, "profile." + field);
        (await fixture.Import("customers", $"{field}\n{text}\n")).ShouldBe([$"2 refused invalid-request {field}"]);
    }

    [Theory]
    [InlineData("province", "广西壮族自治区", "Côte-d'Or", "St. Gallen", "Washington, D.C.", "नेपाल", "CN-GD", "CN-44")]
    [InlineData("city", "Ma’anshan", "深圳", "Saint-Jean-de-Luz", "Zürich")]
    [InlineData("ageBand", "0-18", "45-54", "65+")]
    [InlineData("incomeBand", "Under 15K", "50-74K", "250K+", "100000-150000", "10,000-50,000", "低", "¥10k–20k")]
    public async Task coarse_facts_of_a_profile_are_taken_in_any_script(string field, params string[] texts)
    {
        foreach (var text in texts)
            (
                await fixture
                    .All()
                    .PostAsJsonAsync(
                        "/api/customers",
                        new { kind = "individual", profile = new Dictionary<string, string> { [field] = text } }
                    )
            ).StatusCode.ShouldBe(HttpStatusCode.Created, text);
    }

    [Theory]
    [InlineData("source", "call 138 0013 8000")]
    [InlineData("source", "ann@example.com")]
    [InlineData("channel", "the shop in town")]
    [InlineData("channel", "Store")]
    [InlineData("lines[0].category", "for ann@example.com")]
    [InlineData("lines[0].brand", "13800138000")]
    public async Task a_purchase_holds_codes_and_words_of_a_catalogue(string field, string text)
    {
        var line = new Dictionary<string, object>
        {
            ["productId"] = "p1",
            ["quantity"] = 1,
            ["net"] = 1,
        };
        var purchase = new Dictionary<string, object>
        {
            ["source"] = "codes",
            ["orderNumber"] = "1",
            ["channel"] = "web",
            ["currency"] = "USD",
            ["occurredAt"] = now,
            ["lines"] = new[] { line },
        };
        (field.StartsWith("lines", StringComparison.Ordinal) ? line : purchase)[field.Split('.')[^1]] = text;
        await Refused("/api/customers/purchases", purchase, field);
    }

    [Fact]
    public async Task what_a_customer_does_and_agrees_to_is_told_in_codes()
    {
        var id = (await fixture.Somebody()).Id;
        var (at, says) = (fixture.Clock.GetUtcNow().AddMinutes(-1), "call 138 0013 8000");
        await Refused(
            $"/api/customers/{id}/page-views",
            new
            {
                page = "/a",
                channel = says,
                occurredAt = at,
            },
            "channel"
        );
        await Refused(
            $"/api/customers/{id}/page-views",
            new
            {
                page = "/a",
                channel = "web",
                category = says,
                occurredAt = at,
            },
            "category"
        );
        await Refused(
            $"/api/customers/{id}/interactions",
            new
            {
                channel = says,
                direction = "inbound",
                topic = "delivery",
                occurredAt = at,
            },
            "channel"
        );
        foreach (var field in new[] { "purpose", "channel", "noticeVersion" })
        foreach (var text in new[] { says, "Some text", "13800138000 " })
        {
            var consent = new Dictionary<string, object>
            {
                ["purpose"] = "marketing",
                ["channel"] = "email",
                ["granted"] = true,
                ["noticeVersion"] = "1",
                [field] = text,
            };
            await Refused($"/api/customers/{id}/consents", consent, field);
            await Refused("/api/customers", new { kind = "individual", consents = new[] { consent } }, $"consents[0].{field}");
        }
    }

    [Fact]
    public void consent_that_was_given_under_any_text_can_be_withdrawn()
    {
        var customer = Customer.Initial with { Exists = true };
        customer = customer.Evolve(new ConsentGiven("E-mail offers", "E-Mail", "May 2019", now));
        new ChangeConsent("E-mail offers", "E-Mail", false, "2026-01")
            .Decide(customer, now)
            .ShouldBe([new ConsentWithdrawn("E-mail offers", "E-Mail", "2026-01", now)]);
        Should.Throw<BadRequestException>(() => new ChangeConsent("E-mail offers", "E-Mail", true, "2026-01").Decide(customer, now));
        Should.Throw<BadRequestException>(() => new ChangeConsent("Other offers", "E-Mail", false, "2026-01").Decide(customer, now));
    }

    [Theory]
    [InlineData("/shoes/42", "/shoes/42")]
    [InlineData("/shoes/123456", "/shoes/123456")]
    [InlineData("/2026/05/04/news", "/2026/05/04/news")]
    [InlineData("/%E6%98%A5%E8%8A%82/42", "/%E6%98%A5%E8%8A%82/42")]
    [InlineData("/shoes?phone=13800138000#x", "/shoes")]
    [InlineData("/members/13800138000/orders", "/members/…/orders")]
    [InlineData("/members/138-0013-8000", "/members/…")]
    [InlineData("/members/138 0013 8000", "/members/…")]
    [InlineData("/members/138%200013%208000", "/members/…")]
    [InlineData("/members/%31%33%38%30%30%31%33%38%30%30%30", "/members/…")]
    [InlineData("/members/138%252000138000", "/members/…")]
    [InlineData("/members/１３８００１３８０００", "/members/…")]
    [InlineData("/id/11010519491231002X", "/id/…X")]
    [InlineData("/tel:+86(138)0013.8000/x", "/tel:+…/x")]
    [InlineData("/u/ann@example.com/orders", "/u/…/orders")]
    [InlineData("/u/ann%40example.com", "/u/…")]
    [InlineData("/product/1082185", "/product/…")]
    public void a_page_keeps_no_number_or_address_that_may_be_a_persons(string page, string kept)
    {
        PagePath.Of(page).ShouldBe(kept);
        PagePath.Of(kept).ShouldBe(kept);
    }

    [Fact]
    public async Task a_page_is_kept_and_published_without_such_numbers_also_if_it_was_recorded_before()
    {
        var id = (await fixture.Somebody()).Id;
        var view = new
        {
            page = "/members/13800138000",
            channel = "web",
            occurredAt = fixture.Clock.GetUtcNow(),
        };
        await CustomersFixture.Json(await fixture.All().PostAsJsonAsync($"/api/customers/{id}/page-views", view), HttpStatusCode.Created);
        var seen = (await fixture.Store.FetchStream(Visits.IdOf(id))).Single();
        ((PageSeen)seen.Data).Page.ShouldBe("/members/…");

        var before = seen with { Data = new PageSeen(id, Guid.CreateVersion7(), "/members/13800138000", null, "the Web", now) };
        var published = (Contracts.PageViewed)CustomersFeed.Translate(before)!.Contract;
        (published.Page, published.Channel).ShouldBe(("/members/…", "the Web"));
    }

    async Task Refused(string path, object body, string field)
    {
        var answer = await CustomersFixture.Json(await fixture.All().PostAsJsonAsync(path, body), HttpStatusCode.BadRequest);
        (answer.GetProperty("type").GetString(), answer.GetProperty("field").GetString()).ShouldBe(("urn:crm:invalid-request", field));
    }
}
