using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>
/// Lets a room that only reads hear everything again: after it was added to an installation, or when it is to be made anew.
/// </summary>
public static class Resend
{
    public static readonly Argument<string> Listener = new("room")
    {
        Description = string.Join(", ", Part.Readers.Select(part => part.Name)),
    };
    public static readonly Option<string?> From = new("--from") { Description = "only what this room has told" };

    public static async Task<int> To(Api api, Instance instance, string listener, string? from, CancellationToken ct)
    {
        if (!Part.Readers.Any(part => part.Name == listener))
            throw new CrmException(
                $"unknown room '{listener}'; expected one that only reads: {string.Join(", ", Part.Readers.Select(part => part.Name))}"
            );
        var senders = from is null
            ? Part.Logs
            :
            [
                Part.Logs.FirstOrDefault(part => part.Name == from)
                    ?? throw new CrmException($"unknown room '{from}'; expected {string.Join(", ", Part.Logs.Select(part => part.Name))}"),
            ];
        foreach (var sender in senders)
            await api.Post($"{sender.ApiPath}/ops/resends/{listener}", new { }, ct);
        try
        {
            await Sent(api, listener, senders, ct);
        }
        catch (CrmException away) when (away.Status is 502 or 503)
        {
            throw new CrmException(
                "a room went away meanwhile. It goes on sending by itself when it is back (./crm up); "
                    + $"GET /api/<room>/ops/resends tells how far it is. {away.Message}",
                away
            );
        }
        await CaughtUp.Wait(api, ct);
        var heard = await api.Get($"/api/{listener}/ops/heard", ct);
        foreach (var row in heard.AsArray())
            AnsiConsole.WriteLine($"{listener} has {row!["entries"]} entries from {row["context"]}");
        return 0;
    }

    private static async Task Sent(Api api, string listener, IReadOnlyList<Part> senders, CancellationToken ct)
    {
        foreach (var sender in senders)
        {
            while (
                (await api.Get($"{sender.ApiPath}/ops/resends", ct))
                    .AsArray()
                    .FirstOrDefault(row => row!["listener"]!.GetValue<string>() == listener)
                    is { } row
            )
            {
                if (row["error"]?.GetValue<string>() is { } error)
                    throw new CrmException($"{sender.Name} cannot go on after event {row["position"]}: {error}. It tries again");
                await Task.Delay(200, ct);
            }
            AnsiConsole.WriteLine($"{sender.Name} has sent its log again");
        }
    }
}
