using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Shouldly;

namespace CrmPlatform.Testing;

/// <summary>Lists read page by page return every item exactly once, and name a following page only if there is one.</summary>
static class PagedLists
{
    const int Longest = 40;

    /// <param name="paths">Paths of requests that were answered with a list.</param>
    public static async Task Check(HttpClient http, IEnumerable<string> paths)
    {
        foreach (var path in paths.Distinct())
        {
            var whole = await Get(http, path, 200, after: null);
            if (whole.Items.Count > Longest)
                continue;
            var read = new List<string>();
            var page = await Get(http, path, 1, after: null);
            for (read.AddRange(page.Items); page.Next is { } next; read.AddRange(page.Items))
            {
                page = await Get(http, path, 1, next);
                page.Items.Count.ShouldBe(1, $"{path}: the page after '{next}'");
            }
            read.ShouldBe(whole.Items, path);
        }
    }

    public static bool IsOne(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object
        && body.TryGetProperty("items", out var items)
        && items.ValueKind == JsonValueKind.Array
        && body.TryGetProperty("next", out _);

    static async Task<(List<string> Items, string? Next)> Get(HttpClient http, string path, int limit, string? after)
    {
        var query = QueryHelpers
            .ParseQuery(path.Contains('?', StringComparison.Ordinal) ? path[path.IndexOf('?', StringComparison.Ordinal)..] : "")
            .Where(q => q.Key is not ("limit" or "after"))
            .Select(q => KeyValuePair.Create(q.Key, (string?)q.Value.ToString()))
            .Append(new("limit", limit.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        if (after is not null)
            query = query.Append(new("after", after));
        var body = await http.GetFromJsonAsync<JsonElement>(QueryHelpers.AddQueryString(path.Split('?')[0], query));
        return ([.. body.GetProperty("items").EnumerateArray().Select(item => item.GetRawText())], body.GetProperty("next").GetString());
    }
}
