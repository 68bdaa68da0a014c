using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>What follows the services' logs: how far it is, who runs it, where it is stuck; and an event that it may pass.</summary>
public static class Followers
{
    public static readonly Argument<string> Name = new("name") { Description = "the follower" };
    public static readonly Argument<long> Sequence = new("sequence") { Description = "the event that it is stuck at" };
    public static readonly Option<string?> Service = new("--service")
    {
        Description = "the room, where several have a follower of this name",
    };

    public static async Task<int> List(Api api, bool json, CancellationToken ct)
    {
        var states = (await Task.WhenAll(Part.Logs.Select(part => Of(api, part, ct)))).SelectMany(s => s).ToList();
        if (json)
            Look.Json(states);
        else
            AnsiConsole.Write(Table(states));
        return states.All(state => state.State == "running") ? 0 : 1;
    }

    /// <summary>A room that does not answer is told as such; the others are shown.</summary>
    private static async Task<IReadOnlyList<FollowerState>> Of(Api api, Part part, CancellationToken ct)
    {
        try
        {
            return await CaughtUp.States(api, part, ct);
        }
        catch (CrmException away) when (away.Status is 502 or 503 or 504)
        {
            return [new(part.Name, "all", 0, 0, 0, 0, "unknown", null, "the room does not answer", null)];
        }
    }

    public static async Task<int> Skip(Api api, string name, long sequence, string why, string? service, CancellationToken ct)
    {
        var context = ServiceOf(name, service, await CaughtUp.States(api, ct));
        await api.Post($"{Part.Named(context).ApiPath}/ops/followers/{Uri.EscapeDataString(name)}/skip", new { sequence, why }, ct);
        AnsiConsole.WriteLine($"{context}: {name} may pass event {sequence}");
        return 0;
    }

    public static Table Table(IReadOnlyList<FollowerState> states)
    {
        var table = new Table().AddColumns(
            "context",
            "follower",
            "position",
            "head",
            "behind",
            "seconds",
            "state",
            "stuck at",
            "error",
            "run by"
        );
        foreach (var state in states)
            table.AddRow([
                .. new[]
                {
                    state.Context,
                    state.Name,
                    Number(state.Position),
                    Number(state.Head),
                    Number(state.Lag),
                    state.LagSeconds.ToString("0.#", CultureInfo.InvariantCulture),
                    state.State,
                    state.StuckAt is { } at ? Number(at) : "",
                    state.Error ?? "",
                    state.Holder ?? "",
                }.Select(cell => cell.EscapeMarkup()),
            ]);
        return table;

        static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The one service that has a follower of this name.</summary>
    public static string ServiceOf(string name, string? service, IReadOnlyList<FollowerState> states)
    {
        var having = states
            .Where(state => state.Name == name && (service is null || state.Context == service))
            .Select(state => state.Context)
            .ToList();
        return having.Count switch
        {
            1 => having[0],
            0 => throw new CrmException(
                $"{service ?? "no service"} has {(service is null ? "a" : "no")} follower {name}; ./crm followers lists them"
            ),
            _ => throw new CrmException($"{string.Join(", ", having)} have a follower {name} each: say --service"),
        };
    }
}
