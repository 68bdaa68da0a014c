using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static CrmPlatform.Customers.Tests.ImportWords;

namespace CrmPlatform.Customers.Tests.Quality;

/// <summary>Single fields are corrected, and their history says what they were.</summary>
[Collection("customers")]
public sealed class CorrectionTests(CustomersFixture fixture)
{
    HttpClient All => fixture.All();

    [Fact]
    public async Task a_correction_changes_one_field_and_says_why()
    {
        var (id, phone, email, name) = await fixture.Somebody();
        await Done(
            await All.PostAsJsonAsync(
                $"/api/customers/{id}/verifications",
                new
                {
                    kind = "email",
                    value = email,
                    method = "email",
                }
            )
        );
        await Done(await Correct(id, "birthDate", "1990-02-28", "typing-error"));
        await Done(await Correct(id, "city", "广州", "customer-asked", batch: "november"));
        await Done(await Correct(id, "phone", "+86 139 1234 9999", "typing-error", was: phone[3..]));
        var version = (await fixture.Store.FetchStream(id)).Count;
        await Done(await Correct(id, "city", "广州", "customer-asked"));
        await Done(await Correct(id, "phone", "13912349999", "typing-error", was: phone));
        (await fixture.Store.FetchStream(id)).Count.ShouldBe(version, "the same again");
        var details = (await CustomersFixture.Json(await All.GetAsync($"/api/customers/{id}"))).GetProperty("details");
        details.GetProperty("name").GetString().ShouldBe(name);
        details.GetProperty("demographics").GetProperty("city").GetString().ShouldBe("广州");
        details.GetProperty("demographics").GetProperty("ageBand").GetString().ShouldBe("35-44");
        var contacts = details.GetProperty("contacts").EnumerateArray().ToList();
        contacts.Select(c => c.GetProperty("value").GetString()).ShouldBe(["+8613912349999", email]);
        contacts.Select(c => c.GetProperty("verifiedAt").ValueKind == JsonValueKind.Null).ShouldBe([true, false]);
        (await Search(phone), await Search("13912349999")).ShouldBe((0, 1));
        var city = (await History(id, "city")).ShouldHaveSingleItem();
        (city.GetProperty("reason").GetString(), city.GetProperty("batch").GetString()).ShouldBe(("customer-asked", "november"));
        await Done(await Correct(id, "birthDate", null, "customer-asked"));
        await Done(await Correct(id, "phone", null, "customer-asked", was: "13912349999"));
        (await Search("13912349999")).ShouldBe(0);

        async Task<int> Search(string number) =>
            (await CustomersFixture.Json(await All.PostAsJsonAsync("/api/customers/search", new { phone = number })))
                .GetProperty("items")
                .GetArrayLength();
    }

    [Theory]
    [InlineData("gender", "woman", null, "invalid-value")]
    [InlineData("birthDate", "28.02.1990", null, "invalid-value")]
    [InlineData("birthDate", "2199-01-01", null, "birth-date-in-future")]
    [InlineData("householdSize", "0", null, "invalid-value")]
    [InlineData("language", "Chinese, or so", null, "invalid-value")]
    [InlineData("email", "nobody", null, "invalid-contact")]
    [InlineData("email", "a@shop.cn", "b@shop.cn", "no-such-contact")]
    public async Task what_a_profile_refuses_a_correction_is_refused(string field, string value, string? was, string code)
    {
        var (id, _, _, _) = await fixture.Somebody();
        var answer = await CustomersFixture.Json(await Correct(id, field, value, "typing-error", was), HttpStatusCode.UnprocessableEntity);
        answer.GetProperty("type").GetString().ShouldBe($"urn:crm:{code}");
        (await fixture.Store.FetchStream(id)).Count.ShouldBe(2, "registered, with demographics");
    }

    [Fact]
    public async Task the_history_of_a_field_says_from_when_by_which_fact_and_whence()
    {
        var system = Fresh();
        var answer = await fixture.Import(
            "customers",
            $"externalSystem,externalId,source,name,city,occurredAt\n{system},1,crm,甲,深圳,2026-01-01T00:00:00Z\n"
        );
        answer.ShouldBe(["2 recorded"]);
        var found = await CustomersFixture.Json(
            await All.PostAsJsonAsync("/api/customers/search", new { externalId = new { system, value = "1" } })
        );
        var id = found.GetProperty("items")[0].GetProperty("id").GetGuid();
        await Done(await Correct(id, "name", "乙", "typing-error"));
        await Done(await Correct(id, "city", null, "customer-asked"));
        await Done(await Correct(id, "city", "广州", "customer-asked"));
        var facts = (await fixture.Store.FetchStream(id)).Select(e => e.Id).ToList();
        var spans = await History(id, "city");
        spans.Select(s => s.GetProperty("value").GetString()).ShouldBe(["深圳", null, "广州"]);
        spans.Select(s => s.GetProperty("empty").GetBoolean()).ShouldBe([false, true, false]);
        spans.Select(s => facts.IndexOf(s.GetProperty("sourceEvent").GetGuid())).ShouldBe([0, 3, 4], "each by the fact that changed it");
        (
            spans[0].GetProperty("from").GetDateTimeOffset(),
            spans[0].GetProperty("source").GetString(),
            spans[0].GetProperty("import").GetString()
        ).ShouldBe((new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), "crm", "door"));
        (await History(id, "name")).Select(s => s.GetProperty("value").GetString()).ShouldBe(["甲", "乙"]);
        (await History(id, "gender")).ShouldBeEmpty();
        (await All.GetAsync($"/api/customers/{id}/history?field=nonsense")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task without_personal_read_the_history_holds_no_value_and_a_forgotten_person_has_none()
    {
        var (id, phone, _, _) = await fixture.Somebody();
        await Done(await Correct(id, "phone", "13912348888", "typing-error", was: phone));
        var withheld = await CustomersFixture.Json(
            await fixture.Http("customers.read").GetAsync($"/api/customers/{id}/history?field=contacts")
        );
        withheld.GetProperty("personal").GetString().ShouldBe("withheld");
        withheld.GetProperty("items").GetArrayLength().ShouldBe(2);
        withheld.GetRawText().ShouldNotContain(phone[3..]);
        withheld.GetRawText().ShouldNotContain("13912348888");
        (await History(id, "contacts"))[1].GetRawText().ShouldContain("+8613912348888");
        await All.PostAsJsonAsync($"/api/customers/{id}/forget", new { });
        (await History(id, "contacts")).ShouldBeEmpty();
    }

    Task<HttpResponseMessage> Correct(Guid id, string field, string? value, string reason, string? was = null, string? batch = null) =>
        All.PostAsJsonAsync(
            $"/api/customers/{id}/corrections",
            new
            {
                field,
                value,
                reason,
                was,
                batch,
            }
        );

    async Task<List<JsonElement>> History(Guid id, string field) =>
        [
            .. (await CustomersFixture.Json(await All.GetAsync($"/api/customers/{id}/history?field={field}")))
                .GetProperty("items")
                .EnumerateArray(),
        ];

    static async Task Done(HttpResponseMessage answer) => await CustomersFixture.Json(answer);
}
