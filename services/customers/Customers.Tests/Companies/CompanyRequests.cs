using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CrmPlatform.Customers.Tests.Companies;

/// <summary>Requests about companies and their contacts.</summary>
static class CompanyRequests
{
    public static async Task<JsonElement> Post(
        this CustomersFixture fixture,
        string path,
        object body,
        HttpStatusCode expected = HttpStatusCode.OK
    ) => await CustomersFixture.Json(await fixture.All().PostAsJsonAsync($"/api/customers/{path}", body), expected);

    public static async Task<JsonElement> Get(this CustomersFixture fixture, string path) =>
        await CustomersFixture.Json(await fixture.All().GetAsync($"/api/customers/{path}"));

    public static async Task<Guid> Company(this CustomersFixture fixture) =>
        (await fixture.Post("", new { kind = "enterprise" }, HttpStatusCode.Created)).GetProperty("id").GetGuid();

    public static async Task<Guid> Contact(this CustomersFixture fixture, Guid company, string name = "钟离联系") =>
        (await fixture.Post($"companies/{company}/contacts", new { card = new { name } }, HttpStatusCode.Created))
            .GetProperty("id")
            .GetGuid();
}
