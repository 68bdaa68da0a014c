using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>Takes back what an import, or a source, has told: first says what that would do, and does it when a reason is given.</summary>
public static class RetractFile
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(300);

    public static readonly Argument<string> What = new("name") { Description = "name of the import, or code of the source" };
    public static readonly Option<bool> Source = new("--source") { Description = "everything that this source has told, not an import" };
    public static readonly Option<string?> Reason = new("--reason")
    {
        Description = "take it back, for this reason, a code: wrong-file; without it only say what that would do",
    };
    public static readonly Option<bool> Forget = new("--forget")
    {
        Description = "forget the customers of whom nothing else tells, for good; otherwise they stay",
    };

    public static async Task<int> Run(Call call, CancellationToken ct)
    {
        var name = call.Arguments.GetValue(What)!;
        using var api = await Api.As(Client.Demo, call.Instance, call.Secrets, ct);
        var path = $"/api/customers/{(call.Arguments.GetValue(Source) ? "sources" : "imports")}/{Uri.EscapeDataString(name)}/retraction";
        var preview = await api.Get(path + "/preview", ct);
        if (preview["retractedAt"] is { } at)
            AnsiConsole.WriteLine($"it was taken back at {at}; what would still be done:");
        Show(
            ("purchases", preview["purchases"], "count no more, with their returns"),
            ("returns", preview["returns"], "of other purchases count no more"),
            ("external ids", preview["externalIds"], "are taken from customers who were registered otherwise"),
            ("customers", preview["forgets"], "are told of by nothing else: --forget forgets them, for good"),
            ("customers", preview["keeps"], "stay, since something else tells of them")
        );
        foreach (var remains in preview["remains"]!.AsArray())
            AnsiConsole.WriteLine($"  not undone: {remains!["facts"]} × {remains["contract"]}");
        if (call.Arguments.GetValue(Reason) is not { } reason)
        {
            AnsiConsole.WriteLine("nothing was changed; with --reason it is taken back");
            return 0;
        }
        var order = new
        {
            reason,
            through = preview["through"]!.GetValue<long>(),
            forget = call.Arguments.GetValue(Forget),
        };
        await api.Post(path, order, ct);
        JsonNode state;
        while ((state = await api.Get(path, ct))["state"]!.GetValue<string>() != "finished")
            await Task.Delay(_pause, ct);
        var done = state["done"]!;
        AnsiConsole.WriteLine("taken back:");
        Show(
            ("purchases", done["purchases"], ""),
            ("returns", done["returns"], "of other purchases"),
            ("external ids", done["externalIds"], ""),
            ("customers", done["forgotten"], "forgotten"),
            ("customers", done["kept"], "kept")
        );
        return 0;
    }

    private static void Show(params (string What, JsonNode? Count, string Meaning)[] lines)
    {
        foreach (var (what, count, meaning) in lines)
            AnsiConsole.WriteLine($"  {count, 9:N0} {what} {meaning}".TrimEnd());
    }
}
