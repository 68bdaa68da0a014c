using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace CrmPlatform.Customers.Tests;

/// <summary>What tests of retractions say and ask.</summary>
static class RetractionWords
{
    public static HttpClient Curator(this RoomWithNeighbours room) => room.Http(CustomersFixture.Everything);

    /// <summary>The rows' results: <c>1 recorded</c>, and the ids.</summary>
    public static async Task<(string[] Said, Guid?[] Ids)> Upload(this HttpClient http, string import, string kind, params string[] lines)
    {
        var body = new StringContent(string.Join('\n', lines), Encoding.UTF8, "text/csv");
        var answer = await http.PostAsync($"/api/customers/imports/{import}/{kind}", body);
        var rows = (await answer.Content.ReadAsStringAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonSerializer.Deserialize<JsonElement>(l))
            .ToList();
        return (
            [.. rows.Select(r => r.GetProperty("status").GetString()!)],
            [.. rows.Select(r => r.TryGetProperty("id", out var id) ? id.GetGuid() : (Guid?)null)]
        );
    }

    public static Task<(string[] Said, Guid?[] Ids)> Customers(
        this HttpClient http,
        string import,
        string system,
        params string[] numbers
    ) =>
        http.Upload(
            import,
            "customers",
            ["kind,source,externalSystem,externalId,name", .. numbers.Select(n => $"individual,{system},{system},{n},Person {n}")]
        );

    /// <summary>Each as <c>number:customer:net</c>; without a customer a guest's.</summary>
    public static Task<(string[] Said, Guid?[] Ids)> Purchases(
        this HttpClient http,
        string import,
        string system,
        params string[] orders
    ) =>
        http.Upload(
            import,
            "purchases",
            [
                "source,orderNumber,channel,currency,occurredAt,customerSystem,customerValue,productId,category,quantity,net",
                .. orders
                    .Select(o => o.Split(':'))
                    .Select(o => $"{system},{o[0]},store,USD,2026-05-04T10:00:00Z,{(o[1] == "" ? "" : system)},{o[1]},p,tea,1,{o[2]}"),
            ]
        );

    /// <summary>Each as <c>order:return:net</c>.</summary>
    public static Task<(string[] Said, Guid?[] Ids)> Returns(this HttpClient http, string import, string system, params string[] returns) =>
        http.Upload(
            import,
            "returns",
            [
                "source,orderNumber,returnNumber,channel,occurredAt,net",
                .. returns.Select(r => r.Split(':')).Select(r => $"{system},{r[0]},{r[1]},store,2026-05-06T10:00:00Z,{r[2]}"),
            ]
        );

    public static async Task<JsonElement> Preview(this RoomWithNeighbours room, HttpClient http, string what)
    {
        await room.CatchUp();
        return await CustomersFixture.Json(await http.GetAsync($"/api/customers/{what}/retraction/preview"));
    }

    /// <summary>Previews, orders, and waits until it is done.</summary>
    public static async Task<JsonElement> Retract(this RoomWithNeighbours room, HttpClient http, string what, bool forget = false)
    {
        var through = (await room.Preview(http, what)).GetProperty("through").GetInt64();
        var order = new
        {
            reason = "wrong-file",
            through,
            forget,
        };
        await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/{what}/retraction", order));
        await room.CatchUp();
        var state = await CustomersFixture.Json(await http.GetAsync($"/api/customers/{what}/retraction"));
        state.GetProperty("state").GetString().ShouldBe("finished");
        await room.CatchUp(); // the views, with what it has recorded
        return state.GetProperty("done");
    }

    public static async Task<(long Customers, long Purchases, string Net)> Totals(this RoomWithNeighbours room, HttpClient http)
    {
        await room.CatchUp();
        var totals = await CustomersFixture.Json(await http.GetAsync("/api/customers/summary"));
        return (
            totals.GetProperty("customers").GetInt64(),
            totals.GetProperty("purchases").GetInt64(),
            string.Join(
                ' ',
                totals
                    .GetProperty("netRevenue")
                    .EnumerateArray()
                    .Where(r => r.GetProperty("amount").GetDecimal() != 0)
                    .Select(r => $"{r.GetProperty("amount").GetDecimal():0.00} {r.GetProperty("currency").GetString()}")
            )
        );
    }

    public static async Task<JsonElement> Purchase(this HttpClient http, Guid id) =>
        await CustomersFixture.Json(await http.GetAsync($"/api/customers/purchases/{id}"));

    public static async Task<HttpStatusCode> Status(this HttpClient http, string path) => (await http.GetAsync(path)).StatusCode;
}
