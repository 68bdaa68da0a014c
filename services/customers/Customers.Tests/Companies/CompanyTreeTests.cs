using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CrmPlatform.Customers.Tests.Companies;

/// <summary>Trees of companies through the API.</summary>
[Collection("customers")]
public sealed class CompanyTreeTests(CustomersFixture fixture)
{
    readonly HttpClient http = fixture.All();

    async Task<Guid> Company(string kind = "enterprise") =>
        (await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers", new { kind }), HttpStatusCode.Created))
            .GetProperty("id")
            .GetGuid();

    Task<HttpResponseMessage> Put(Guid company, Guid parent, string from, string kind = "owns") =>
        http.PutAsJsonAsync(
            $"/api/customers/companies/{company}/parent",
            new
            {
                parentId = parent,
                kind,
                from,
            }
        );

    async Task Belongs(Guid company, Guid parent, string from, string kind = "owns") =>
        await CustomersFixture.Json(await Put(company, parent, from, kind));

    static async Task<string?> Type(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString();

    async Task<JsonElement> Tree(Guid company, string query) =>
        await CustomersFixture.Json(await http.GetAsync($"/api/customers/companies/{company}/tree?{query}"));

    async Task<decimal> Total(Guid company, string query) =>
        (await Tree(company, query)).GetProperty("companies")[0].GetProperty("total").GetDecimal();

    async Task Bought(Guid company, decimal net) =>
        await CustomersFixture.Json(
            await http.PostAsJsonAsync(
                "/api/customers/purchases",
                CustomersFixture.Purchase($"tree-{company}", company, net, "2026-05-04T10:00:00Z")
            ),
            HttpStatusCode.Created
        );

    [Fact]
    public async Task revenue_is_rolled_up_as_the_tree_was_then_or_is_now()
    {
        var (g, a, b, a1) = (await Company(), await Company(), await Company(), await Company());
        await Belongs(a, g, "2026-01-01T00:00:00Z");
        await Belongs(b, g, "2026-01-01T00:00:00Z");
        await Belongs(a1, a, "2026-01-01T00:00:00Z", "branch");
        await Bought(a, 100.00m);
        await Bought(a1, 60.50m);
        await Bought(b, 20.00m);
        await CustomersFixture.Json(
            await http.PostAsJsonAsync(
                "/api/customers/purchases/returns",
                new
                {
                    source = "test",
                    orderNumber = $"tree-{a1}",
                    returnNumber = "1",
                    channel = "store",
                    net = 10,
                    occurredAt = "2026-06-01T10:00:00Z",
                }
            ),
            HttpStatusCode.Created
        );
        await Belongs(a1, b, "2026-07-01T00:00:00Z", "branch");
        await fixture.CatchUp();

        const string June = "asOf=2026-06-30T12:00:00Z",
            July = "asOf=2026-07-02T00:00:00Z";
        (await Total(a, June), await Total(b, June), await Total(g, June)).ShouldBe((150.50m, 20.00m, 170.50m));
        (await Total(a, July), await Total(b, July), await Total(g, July)).ShouldBe((100.00m, 70.50m, 170.50m));
        (await Total(a, June + "&treeAsOf=now"), await Total(b, June + "&treeAsOf=now")).ShouldBe((100.00m, 70.50m));
        (await Total(a, July + "&treeAsOf=2026-06-30T12:00:00Z")).ShouldBe(150.50m);
        (await Total(a, "asOf=2026-05-31T00:00:00Z")).ShouldBe(160.50m, "what came back later is not taken back before");
        (await Total(g, "asOf=2026-05-01T00:00:00Z")).ShouldBe(0m);

        var tree = await Tree(a1, July);
        tree.GetProperty("ultimateParentId").GetGuid().ShouldBe(g);
        tree.GetProperty("parents")
            .EnumerateArray()
            .Select(p => (p.GetProperty("parentId").GetGuid(), p.GetProperty("until").ValueKind))
            .ShouldBe([(a, JsonValueKind.String), (b, JsonValueKind.Null)]);
    }

    [Fact]
    public async Task of_two_moves_that_would_close_a_cycle_together_one_succeeds()
    {
        for (var round = 0; round < 10; round++)
        {
            var (a, b) = (await Company(), await Company());
            var answers = await Task.WhenAll(Put(a, b, "2026-01-01T00:00:00Z"), Put(b, a, "2026-01-01T00:00:00Z"));
            answers.Count(x => x.StatusCode == HttpStatusCode.OK).ShouldBe(1);
            (await Type(answers.Single(x => x.StatusCode != HttpStatusCode.OK))).ShouldBe("urn:crm:cycle");
        }
    }

    [Fact]
    public async Task only_companies_that_are_known_belong_to_one_another()
    {
        var (company, person) = (await Company(), await Company("individual"));
        (await Type(await Put(company, person, "2026-01-01T00:00:00Z"))).ShouldBe("urn:crm:enterprise-only");
        (await Type(await Put(person, company, "2026-01-01T00:00:00Z"))).ShouldBe("urn:crm:enterprise-only");
        (await Type(await Put(company, Guid.CreateVersion7(), "2026-01-01T00:00:00Z"))).ShouldBe("urn:crm:customer-unknown");
        (await http.GetAsync($"/api/customers/companies/{person}/tree")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.DeleteAsync($"/api/customers/companies/{company}/parent")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await Belongs(company, await Company(), "2026-01-01T00:00:00Z");
        await CustomersFixture.Json(await http.DeleteAsync($"/api/customers/companies/{company}/parent?until=2026-02-01T00:00:00Z"));
        (await Tree(company, "asOf=2026-02-01T00:00:00Z")).GetProperty("ultimateParentId").GetGuid().ShouldBe(company);
    }
}
