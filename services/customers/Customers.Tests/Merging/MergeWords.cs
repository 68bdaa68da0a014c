using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CrmPlatform.Customers.Tests;

/// <summary>What tests of merges say and ask.</summary>
static class MergeWords
{
    public static Task<HttpResponseMessage> Merge(this HttpClient http, Guid survivor, Guid merged) =>
        http.PostAsJsonAsync(
            "/api/customers/merges",
            new
            {
                survivorId = survivor,
                mergedId = merged,
                reason = "same-person",
            }
        );

    public static async Task<Guid> Merged(this HttpClient http, Guid survivor, Guid merged) =>
        (await CustomersFixture.Json(await http.Merge(survivor, merged), HttpStatusCode.Created)).GetProperty("id").GetGuid();

    public static async Task<string?> Refused(this HttpClient http, Guid survivor, Guid merged) =>
        (await CustomersFixture.Json(await http.Merge(survivor, merged), HttpStatusCode.UnprocessableEntity))
            .GetProperty("type")
            .GetString()!
            .Split(':', '/')[^1];

    public static async Task<JsonElement> Unmerge(this HttpClient http, Guid merge) =>
        await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/merges/{merge}/unmerge", new { reason = "family" }));

    public static async Task<JsonElement> Customer(this HttpClient http, Guid id, string query = "") =>
        await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}{query}"));

    public static async Task<Guid[]> GroupOf(this HttpClient http, Guid id) =>
        (await http.Customer(id)).GetProperty("group") is { ValueKind: JsonValueKind.Object } group
            ? [.. group.GetProperty("members").EnumerateArray().Select(m => m.GetGuid())]
            : [id];

    /// <summary>All that is shown of these customers, without versions.</summary>
    public static async Task<string> Views(this HttpClient http, IEnumerable<Guid> customers)
    {
        var views = new List<string>();
        foreach (var id in customers)
        foreach (var path in new[] { $"{id}", $"{id}?asOf=2030-01-01", $"{id}/tags?asOf=2030-01-01", $"purchases?customerId={id}" })
            views.Add($"{path}: {WithoutVersions(await http.GetStringAsync($"/api/customers/{path}"))}");
        foreach (var id in customers)
            views.Add(
                WithoutVersions((await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers/search", new { id }))).GetRawText())
            );
        return string.Join('\n', views);
    }

    static string WithoutVersions(string json)
    {
        var node = JsonNode.Parse(json)!;
        Remove(node);
        return node.ToJsonString();

        static void Remove(JsonNode? node)
        {
            if (node is JsonObject o)
            {
                o.Remove("version");
                foreach (var (_, inner) in o)
                    Remove(inner);
            }
            if (node is JsonArray a)
                foreach (var inner in a)
                    Remove(inner);
        }
    }
}
