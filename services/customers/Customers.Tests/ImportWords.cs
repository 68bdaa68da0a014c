using System.Net;
using System.Text;
using System.Text.Json;

namespace CrmPlatform.Customers.Tests;

/// <summary>Uploads, and their results in few words.</summary>
static class ImportWords
{
    /// <summary>The columns of purchases that are needed.</summary>
    public const string Header = "source,orderNumber,channel,currency,occurredAt,productId,quantity,net";

    static int names;

    /// <summary>A source or system that no other test uses.</summary>
    public static string Fresh() => $"door-{Interlocked.Increment(ref names)}";

    public static async Task<HttpResponseMessage> Upload(
        this CustomersFixture fixture,
        string kind,
        HttpContent content,
        string query = "",
        string id = "door"
    ) => await fixture.All().PostAsync($"/api/customers/imports/{id}/{kind}{query}", content);

    /// <summary>Row, status, error, field and line of each result.</summary>
    public static async Task<List<string>> Import(
        this CustomersFixture fixture,
        string kind,
        string text,
        string query = "",
        string type = "text/csv"
    ) => await Rows(await fixture.Upload(kind, new StringContent(text, Encoding.UTF8, type), query));

    public static async Task<List<string>> Rows(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.ToString() : null;
        return
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => JsonSerializer.Deserialize<JsonElement>(l))
                .Select(r => $"{Text(r, "row")} {Text(r, "status")} {Text(r, "error")} {Text(r, "field")} {Text(r, "line")}".TrimEnd()),
        ];
    }
}
