using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CrmPlatform.Customers.Tests;

public sealed class MergeTests(IdentityFixture room) : IClassFixture<IdentityFixture>
{
    static int count;

    [Fact]
    public async Task of_two_who_are_one_each_shows_what_is_known_of_both()
    {
        var http = room.All();
        var (till, web) = (await Somebody("王小明", "till", "1"), await Somebody("Wang Xiaoming", "web", "2"));
        await CustomersFixture.Json(await http.PutAsJsonAsync("/api/customers/sources/till", new { name = "Till", trust = 90 }));
        await Tag(till, "vip");
        await Tag(web, "newsletter");
        await Consent(till, true);
        await Consent(web, false);
        var merge = await http.Merged(web, till);
        foreach (var id in new[] { till, web })
        {
            var shown = await http.Customer(id);
            shown.GetProperty("id").GetGuid().ShouldBe(id);
            shown.GetProperty("details").GetProperty("name").GetString().ShouldBe("王小明", "the till is trusted more");
            shown.GetProperty("details").GetProperty("contacts").GetArrayLength().ShouldBe(2);
            shown.GetProperty("tags").EnumerateArray().Select(t => t.GetProperty("tag").GetString()).ShouldBe(["vip", "newsletter"], true);
            var consent = shown.GetProperty("consents").EnumerateArray().Single();
            consent.GetProperty("granted").GetBoolean().ShouldBeFalse("one of them has withdrawn it");
            consent.GetProperty("customerId").GetGuid().ShouldBe(web);
            shown.GetProperty("group").GetProperty("survivorId").GetGuid().ShouldBe(web);
            shown.GetProperty("group").GetProperty("members").EnumerateArray().Select(m => m.GetGuid()).ShouldBe([web, till]);
            shown.GetProperty("group").GetProperty("conflicts").EnumerateArray().Select(c => c.GetString()).ShouldContain("name");
            (await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}/tags")))
                .GetProperty("present")
                .GetArrayLength()
                .ShouldBe(2);
        }
        var again = await http.Merge(web, till);
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid().ShouldBe(merge);
        var listed = await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers/search", new { id = till }));
        listed.GetProperty("items")[0].GetProperty("survivorId").GetGuid().ShouldBe(web);
    }

    [Fact]
    public async Task who_cannot_be_one_is_refused()
    {
        var http = room.All();
        var (one, other, third) = (await Somebody(), await Somebody(), await Somebody());
        (await http.Refused(one, one)).ShouldBe("same-customer");
        (await http.Refused(one, Guid.CreateVersion7())).ShouldBe("customer-unknown");
        var company = (
            await CustomersFixture.Json(
                await http.PostAsJsonAsync("/api/customers", new { kind = "enterprise", profile = new { name = "Acme" } }),
                HttpStatusCode.Created
            )
        )
            .GetProperty("id")
            .GetGuid();
        (await http.Refused(one, company)).ShouldBe("kinds-differ");
        await http.Merged(one, other);
        await http.Merged(other, third);
        (await http.Refused(third, one)).ShouldBe("already-linked");
        (await http.GroupOf(third)).ShouldBe([one, .. new[] { other, third }.Order()]);
        var gone = await Somebody();
        await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/{gone}/forget", new { reason = "request" }));
        (await http.Refused(one, gone)).ShouldBe("customer-forgotten");
        (await http.Refused(gone, one)).ShouldBe("customer-forgotten");
        (await http.GetAsync($"/api/customers/merges/{Guid.CreateVersion7()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (
            await http.PostAsJsonAsync($"/api/customers/merges/{Guid.CreateVersion7()}/unmerge", new { reason = "family" })
        ).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task forgetting_one_asks_for_all_and_forgets_them()
    {
        var http = room.All();
        var (one, other) = (await Somebody(), await Somebody());
        await http.Merged(one, other);
        var refused = await CustomersFixture.Json(
            await http.PostAsJsonAsync($"/api/customers/{other}/forget", new { reason = "request" }),
            HttpStatusCode.UnprocessableEntity
        );
        refused.GetProperty("type").GetString()!.ShouldEndWith("forget-group");
        refused.GetProperty("detail").GetString()!.ShouldContain(one.ToString());
        (await room.Keys(one)).ShouldBeGreaterThan(0);
        await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/{other}/forget", new { reason = "request", group = true }));
        foreach (var id in new[] { one, other })
        {
            (await http.Customer(id)).GetProperty("forgotten").GetBoolean().ShouldBeTrue();
            (await room.Keys(id)).ShouldBe(0);
            (await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}/erasure"))).ValueKind.ShouldBe(JsonValueKind.Object);
        }
        await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/{one}/forget", new { reason = "request", group = true }));
        var merge = (await CustomersFixture.Json(await http.GetAsync($"/api/customers/merges?customerId={one}"))).GetProperty("items")[0];
        (
            await http.PostAsJsonAsync($"/api/customers/merges/{merge.GetProperty("id").GetGuid()}/unmerge", new { reason = "family" })
        ).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task one_alone_is_forgotten_where_that_is_said_and_shows_nothing_of_the_others()
    {
        var http = room.All();
        var (one, other) = (await Somebody("留下的人"), await Somebody("被忘的人"));
        await http.Merged(one, other);
        await CustomersFixture.Json(
            await http.PostAsJsonAsync($"/api/customers/{other}/forget", new { reason = "request", group = false })
        );
        (await http.Customer(other)).GetRawText().ShouldNotContain("人");
        var left = (await http.Customer(one)).GetRawText();
        left.ShouldContain("留下的人");
        left.ShouldNotContain("被忘的人");
    }

    [Fact]
    public async Task merges_are_listed_and_undone_once()
    {
        var http = room.All();
        var people = new[] { await Somebody(), await Somebody(), await Somebody() };
        Guid[] merges = [await http.Merged(people[0], people[1]), await http.Merged(people[0], people[2])];
        await http.Unmerge(merges[0]);
        var undone = (await http.Unmerge(merges[0])).GetProperty("version").GetInt64();
        undone.ShouldBe(2);
        (await Listed($"customerId={people[0]}")).ShouldBe([merges[1], merges[0]]);
        (await Listed($"customerId={people[0]}&undone=true")).ShouldBe([merges[0]]);
        (await Listed($"customerId={people[0]}&undone=false&by=person")).ShouldBe([merges[1]]);
        (await Listed($"customerId={people[0]}&by=machine")).ShouldBeEmpty();
        var first = await CustomersFixture.Json(await http.GetAsync($"/api/customers/merges?customerId={people[0]}&limit=1"));
        (await Listed($"customerId={people[0]}&limit=1&after={first.GetProperty("next").GetString()}")).ShouldBe([merges[0]]);
        var one = await CustomersFixture.Json(await http.GetAsync($"/api/customers/merges/{merges[0]}"));
        one.GetProperty("undoneBecause").GetString().ShouldBe("family");
        (await http.GroupOf(people[1])).ShouldBe([people[1]]);
        (await http.GroupOf(people[2])).ShouldBe([people[0], people[2]]);

        async Task<Guid[]> Listed(string query) =>
            [
                .. (await CustomersFixture.Json(await http.GetAsync($"/api/customers/merges?{query}")))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(m => m.GetProperty("id").GetGuid()),
            ];
    }

    async Task<Guid> Somebody(string? name = null, string? source = null, string? number = null)
    {
        var n = Interlocked.Increment(ref count);
        return await room.Register(name ?? $"Member {n}", $"member{n}-{number}@shop.cn", source: source);
    }

    Task<HttpResponseMessage> Tag(Guid id, string tag) => room.All().PostAsJsonAsync($"/api/customers/{id}/tags", new { tag });

    async Task Consent(Guid id, bool granted) =>
        await CustomersFixture.Json(
            await room.All()
                .PostAsJsonAsync(
                    $"/api/customers/{id}/consents",
                    new
                    {
                        purpose = "marketing",
                        channel = "email",
                        granted,
                        noticeVersion = "2026-01",
                    }
                )
        );
}
