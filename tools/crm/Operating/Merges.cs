using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;
using static CrmPlatform.Crm.Verbs;

namespace CrmPlatform.Crm;

/// <summary>Customers who may be one, or were said to be: who is asked, what is decided, and taking it back.</summary>
public static class Merges
{
    public static readonly Argument<string> Candidate = new("candidate") { Description = "id of the candidate" };
    public static readonly Argument<string> Survivor = new("survivor")
    {
        Description = "the customer under whose id both are shown: an id, or system:value",
    };
    public static readonly Argument<string> Merged = new("merged") { Description = "the other one" };
    public static readonly Argument<string> Merge = new("merge") { Description = "id of the merge" };
    public static readonly Option<string> Reason = new("--reason") { Description = "why, as a code: same-person, family", Required = true };
    public static readonly Option<string?> Undo = new("--reason")
    {
        Description = "take them apart, for this reason, a code: family; without it only say what that would do",
    };
    public static readonly Option<int> Limit = new("--limit") { Description = "how many, 1 to 200", DefaultValueFactory = _ => 20 };

    public static Command Candidates { get; } =
        new Command("candidates", "customers who may be one")
        {
            Verb("list", "those who are to be decided, the likeliest first", Queue, Limit),
            Verb("confirm", "they are one", Confirm, Candidate, Reason),
            Verb("reject", "they are two", Reject, Candidate, Reason),
        };

    public static Command Made { get; } =
        new Command("merges", "customers who were said to be one")
        {
            Verb("list", "all of them, the newest first", All, Limit),
            Verb("make", "two customers are one; it moves nothing and can be undone", Make, Survivor, Merged, Reason),
            Verb("undo", "take two apart; without --reason only say what that would do", TakeApart, Merge, Undo),
        };

    public static async Task<int> Queue(Call call, CancellationToken ct)
    {
        using var api = await Api.As(Client.Demo, call.Instance, call.Secrets, ct);
        var page = await api.Get($"/api/customers/candidates?limit={call.Arguments.GetValue(Limit)}", ct);
        return List(
            call,
            page,
            "candidate",
            "why",
            "first",
            "second",
            c => [Text(c, "id"), $"{Text(c, "reason")} {c["probability"]}", Text(c, "first"), Text(c, "second")]
        );
    }

    public static async Task<int> All(Call call, CancellationToken ct)
    {
        using var api = await Api.As(Client.Demo, call.Instance, call.Secrets, ct);
        var page = await api.Get($"/api/customers/merges?limit={call.Arguments.GetValue(Limit)}", ct);
        return List(
            call,
            page,
            "merge",
            "by",
            "survivor",
            "merged",
            m =>
                [
                    Text(m, "id"),
                    m["undoneAt"] is null ? Text(m, "by") : $"{Text(m, "by")}, undone",
                    Text(m, "survivorId"),
                    Text(m, "mergedId"),
                ]
        );
    }

    public static Task<int> Confirm(Call call, CancellationToken ct) => Decide(call, "confirm", "they are one now: merge {0}", ct);

    public static Task<int> Reject(Call call, CancellationToken ct) => Decide(call, "reject", "they stay two", ct);

    public static async Task<int> Make(Call call, CancellationToken ct)
    {
        using var api = await Api.As(Client.Demo, call.Instance, call.Secrets, ct);
        var (survivor, merged) = (
            await Look.Resolve(api, call.Arguments.GetValue(Survivor)!, ct),
            await Look.Resolve(api, call.Arguments.GetValue(Merged)!, ct)
        );
        var made = await api.Post(
            "/api/customers/merges",
            new
            {
                survivorId = survivor,
                mergedId = merged,
                reason = call.Arguments.GetValue(Reason),
            },
            ct
        );
        Console.WriteLine($"{merged} is one with {survivor} now: merge {made!["id"]}");
        return 0;
    }

    public static async Task<int> TakeApart(Call call, CancellationToken ct)
    {
        using var api = await Api.As(Client.Demo, call.Instance, call.Secrets, ct);
        var path = $"/api/customers/merges/{Uri.EscapeDataString(call.Arguments.GetValue(Merge)!)}/unmerge";
        foreach (var part in (await api.Get(path + "/preview", ct))["parts"]!.AsArray())
        {
            Console.WriteLine($"shown under {part!["survivorId"]}:");
            foreach (var member in part["members"]!.AsArray())
                Console.WriteLine(
                    $"  {member!["customerId"]}  since the merge {member["profileFacts"]} changes, {member["purchases"]} purchases; "
                        + string.Join(", ", member["elsewhere"]!.AsArray().Select(t => $"{t!["facts"]} × {t["contract"]}"))
                );
        }
        if (call.Arguments.GetValue(Undo) is not { } reason)
        {
            Console.WriteLine("nothing was changed; with --reason they are taken apart");
            return 0;
        }
        await api.Post(path, new { reason }, ct);
        Console.WriteLine("they are taken apart");
        return 0;
    }

    private static async Task<int> Decide(Call call, string verb, string said, CancellationToken ct)
    {
        using var api = await Api.As(Client.Demo, call.Instance, call.Secrets, ct);
        var id = Uri.EscapeDataString(call.Arguments.GetValue(Candidate)!);
        var done = await api.Post($"/api/customers/candidates/{id}/{verb}", new { reason = call.Arguments.GetValue(Reason) }, ct);
        Console.WriteLine(string.Format(System.Globalization.CultureInfo.InvariantCulture, said, done?["id"]));
        return 0;
    }

    private static int List(Call call, JsonNode page, string id, string why, string one, string other, Func<JsonNode, string[]> cells)
    {
        var items = page["items"]!.AsArray();
        if (call.Json)
        {
            Console.WriteLine(items.ToJsonString());
            return 0;
        }
        var table = new Table().AddColumns(id, why, one, other);
        foreach (var item in items)
            table.AddRow(cells(item!));
        AnsiConsole.Write(table);
        return 0;
    }

    private static string Text(JsonNode node, string member) => node[member]?.ToString() ?? "";
}
