using System.CommandLine;
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

    public static Command Candidates { get; } =
        new Command("candidates", "customers who may be one")
        {
            Verb("list", "those who are to be decided, the likeliest first", MergeLists.Queue, MergeLists.Limit, MergeLists.After),
            Verb("confirm", "they are one", Confirm, Candidate, Reason),
            Verb("reject", "they are two", Reject, Candidate, Reason),
        };

    public static Command Made { get; } =
        new Command("merges", "customers who were said to be one")
        {
            Verb("list", "merges that hold or were undone, the newest first", MergeLists.All, MergeLists.Limit, MergeLists.After),
            Verb("make", "two customers are one; it moves nothing and can be undone", Make, Survivor, Merged, Reason),
            Verb("undo", "take two apart; without --reason only say what that would do", TakeApart, Merge, Undo),
        };

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
        var path = $"/api/customers/merges/{IdOf("merge", call.Arguments.GetValue(Merge)!)}/unmerge";
        using var api = await Api.As(Client.Demo, call.Instance, call.Secrets, ct);
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
        var id = IdOf("candidate", call.Arguments.GetValue(Candidate)!);
        using var api = await Api.As(Client.Demo, call.Instance, call.Secrets, ct);
        var done = await api.Post($"/api/customers/candidates/{id}/{verb}", new { reason = call.Arguments.GetValue(Reason) }, ct);
        Console.WriteLine(string.Format(System.Globalization.CultureInfo.InvariantCulture, said, done?["id"]));
        return 0;
    }

    /// <exception cref="CrmException">It is none.</exception>
    public static string IdOf(string what, string text) =>
        Guid.TryParse(text, out _)
            ? text
            : throw new CrmException($"{text} is no id of a {what}: that is a UUID, the first column of ./crm {what}s list");
}
