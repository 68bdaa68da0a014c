using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>Lists of candidates and of merges, with the numbers of the customers; names where the client may read them.</summary>
public static class MergeLists
{
    public static readonly Option<int> Limit = new("--limit") { Description = "how many, 1 to 200", DefaultValueFactory = _ => 20 };
    public static readonly Option<string?> After = new("--after") { Description = "those that follow, as the list before says" };

    public static async Task<int> Queue(Call call, CancellationToken ct)
    {
        using var api = await Api.As(Client.Demo, call.Instance, call.Secrets, ct);
        var page = await Listed(api, "candidates", call, ct);
        if (call.Json)
            return Done(page, null);
        var candidates = new List<JsonNode>();
        foreach (var item in page["items"]!.AsArray())
            candidates.Add(await api.Get($"/api/customers/candidates/{item!["id"]}", ct));
        return Done(page, Candidates(candidates, await Numbers(api, Of(page, "first", "second"), ct)));
    }

    public static async Task<int> All(Call call, CancellationToken ct)
    {
        using var api = await Api.As(Client.Demo, call.Instance, call.Secrets, ct);
        var page = await Listed(api, "merges", call, ct);
        return Done(
            page,
            call.Json ? null : Merges([.. page["items"]!.AsArray()!], await Numbers(api, Of(page, "survivorId", "mergedId"), ct))
        );
    }

    /// <param name="candidates">Each as one candidate is answered, with its lines and its sides.</param>
    /// <param name="numbers">By customer.</param>
    public static Table Candidates(IEnumerable<JsonNode> candidates, IReadOnlyDictionary<string, string> numbers)
    {
        var table = new Table().AddColumns("candidate", "why", "first", "second", "they agree in");
        foreach (var c in candidates)
            Add(
                table,
                Text(c, "id"),
                string.Create(CultureInfo.InvariantCulture, $"{Text(c, "reason")} {c["probability"]!.GetValue<double>():0.###}"),
                Side(c["first"]!),
                Side(c["second"]!),
                string.Join(
                    ", ",
                    c["lines"]!
                        .AsArray()
                        .Where(l => l!["bits"]!.GetValue<double>() > 0)
                        .Select(l => $"{Text(l!, "comparison")} {Text(l!, "level")}")
                )
            );
        return table;

        string Side(JsonNode side) => $"{Who(Text(side, "customerId"), numbers)} {side["details"]?["name"]}".TrimEnd();
    }

    /// <param name="numbers">By customer.</param>
    public static Table Merges(IEnumerable<JsonNode> merges, IReadOnlyDictionary<string, string> numbers)
    {
        var table = new Table().AddColumns("merge", "why", "survivor", "merged");
        foreach (var m in merges)
            Add(
                table,
                Text(m, "id"),
                $"{Text(m, "by")}: {Text(m, "reason")}" + (m["undoneAt"] is null ? "" : $"; undone: {Text(m, "undoneBecause")}"),
                Who(Text(m, "survivorId"), numbers),
                Who(Text(m, "mergedId"), numbers)
            );
        return table;
    }

    /// <summary>The external ids of each customer, as <c>system:value</c>; customers without any are left out.</summary>
    /// <param name="found">The answer of a look-up.</param>
    public static IReadOnlyDictionary<string, string> Numbers(JsonNode found) =>
        found["items"]!
            .AsArray()
            .Where(c => c!["externalIds"]!.AsArray().Count > 0)
            .ToDictionary(
                c => Text(c!, "id"),
                c => string.Join(", ", c!["externalIds"]!.AsArray().Select(x => $"{Text(x!, "system")}:{Text(x!, "value")}"))
            );

    /// <summary>That there are more than a page shows; null if there are not.</summary>
    public static string? More(JsonNode page) =>
        page["next"] is { } next ? $"{page["items"]!.AsArray().Count} are shown, more follow: --after {next}" : null;

    public static string Path(string list, int limit, string? after) =>
        $"/api/customers/{list}?limit={limit}" + (after is null ? "" : $"&after={Uri.EscapeDataString(after)}");

    private static Task<JsonNode> Listed(Api api, string list, Call call, CancellationToken ct) =>
        api.Get(Path(list, call.Arguments.GetValue(Limit), call.Arguments.GetValue(After)), ct);

    private static string[] Of(JsonNode page, string one, string other) =>
        [.. page["items"]!.AsArray().SelectMany(i => new[] { Text(i!, one), Text(i!, other) }).Distinct()];

    private static async Task<IReadOnlyDictionary<string, string>> Numbers(Api api, string[] ids, CancellationToken ct) =>
        Numbers((await api.Post("/api/customers/lookups", new { ids }, ct))!);

    private static int Done(JsonNode page, Table? table)
    {
        if (table is null)
            Console.WriteLine(page["items"]!.ToJsonString());
        else
            AnsiConsole.Write(table);
        if (More(page) is { } more)
            Console.Error.WriteLine(more);
        return 0;
    }

    private static string Who(string id, IReadOnlyDictionary<string, string> numbers) => numbers.GetValueOrDefault(id, id);

    private static void Add(Table table, params string[] cells) => table.AddRow([.. cells.Select(Markup.Escape)]);

    private static string Text(JsonNode node, string member) => node[member]?.ToString() ?? "";
}
