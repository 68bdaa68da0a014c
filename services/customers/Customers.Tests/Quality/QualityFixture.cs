using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Testing;

namespace CrmPlatform.Customers.Tests.Quality;

/// <summary>A room whose rules may change.</summary>
public sealed class QualityFixture : ServiceFixture<Program>
{
    protected override bool DescribesItsProblems => true;

    public HttpClient All() => Http([.. CustomersFixture.Everything]);

    public async Task<Guid> Register(
        object? profile = null,
        object[]? contacts = null,
        object[]? addresses = null,
        object[]? consents = null,
        string? source = null,
        string kind = "individual"
    )
    {
        var body = new
        {
            kind,
            source,
            profile,
            contacts,
            addresses,
            consents,
            occurredAt = "2026-05-01T00:00:00Z",
        };
        return (await Json(await All().PostAsJsonAsync("/api/customers", body), HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    public async Task Revise(Guid id, object profile, object[]? contacts = null, object[]? addresses = null) =>
        await Json(
            await All()
                .PutAsJsonAsync(
                    $"/api/customers/{id}/profile",
                    new
                    {
                        profile,
                        contacts,
                        addresses,
                    }
                )
        );

    public async Task<JsonElement> Get(string path) => await Json(await All().GetAsync($"/api/customers/{path}"));

    public async Task<JsonElement> Post(string path, object body, HttpStatusCode expected = HttpStatusCode.OK) =>
        await Json(await All().PostAsJsonAsync($"/api/customers/{path}", body), expected);

    public async Task<JsonElement> Publish(params object[] rules) =>
        await Json(await All().PutAsJsonAsync("/api/customers/quality/rules", new { rules }));

    public static async Task<string?> Refused(HttpResponseMessage answer) =>
        (await Json(answer, HttpStatusCode.UnprocessableEntity)).GetProperty("type").GetString();

    /// <summary>The findings of a query: whose, rule and status.</summary>
    public async Task<List<(Guid Customer, string Rule, string Status)>> Findings(string query = "")
    {
        var (found, after) = (new List<(Guid, string, string)>(), "");
        do
        {
            var page = await Get($"quality/findings?limit=3&{query}{(after.Length > 0 ? $"&after={after}" : "")}");
            found.AddRange(
                page.GetProperty("items")
                    .EnumerateArray()
                    .Select(f =>
                        (f.GetProperty("customerId").GetGuid(), f.GetProperty("rule").GetString()!, f.GetProperty("status").GetString()!)
                    )
            );
            after = page.GetProperty("next").GetString() ?? "";
        } while (after.Length > 0);
        return found;
    }

    /// <summary>All rows of the view.</summary>
    public async Task<string> Rows()
    {
        await using var command = Db.CreateCommand(
            "select coalesce(string_agg(q::text, E'\\n' order by customer_id), '') from customer_quality q"
        );
        return (string)(await command.ExecuteScalarAsync())!;
    }

    public static Task<JsonElement> Json(HttpResponseMessage answer, HttpStatusCode expected = HttpStatusCode.OK) =>
        CustomersFixture.Json(answer, expected);
}
