using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CrmPlatform.Crm;

/// <summary>How far one follower of one context's log has come.</summary>
public sealed record FollowerState(
    string Context,
    string Name,
    long Position,
    long Head,
    long Lag,
    double LagSeconds,
    string State,
    long? StuckAt,
    string? Error,
    string? Holder
);

/// <summary>Waits until no context has anything left to do for another.</summary>
public static class CaughtUp
{
    /// <summary>
    /// Every follower at its head, and every head and what the readers have heard where it was: a fact that is on its way through RabbitMQ
    /// will still move a head when it arrives. The silence must be longer than such a journey takes. Answers the time until the last
    /// movement, without that silence.
    /// </summary>
    public static async Task<TimeSpan> Wait(Api api, CancellationToken ct, TimeSpan? silence = null)
    {
        var began = Stopwatch.StartNew();
        var (seen, moved) = ("", TimeSpan.Zero);
        while (true)
        {
            var states = await States(api, ct);
            if (states.FirstOrDefault(state => state.StuckAt is not null) is { } stuck)
                throw new CrmException($"{stuck.Context}: {stuck.Name} is stuck at event {stuck.StuckAt}: {stuck.Error}");
            var heard = await Task.WhenAll(
                Part.Readers.Select(async part => (await api.Get($"{part.ApiPath}/ops/heard", ct)).ToJsonString())
            );
            var now = string.Join(' ', states.Select(state => $"{state.Context}/{state.Name}:{state.Position}/{state.Head}").Concat(heard));
            if (now != seen || states.Any(state => state.Lag > 0))
                (seen, moved) = (now, began.Elapsed);
            else if (began.Elapsed - moved > (silence ?? TimeSpan.FromSeconds(2)))
                return moved;
            await Task.Delay(50, ct);
        }
    }

    public static async Task<IReadOnlyList<FollowerState>> States(Api api, CancellationToken ct)
    {
        var answers = await Task.WhenAll(Part.Logs.Select(part => States(api, part, ct)));
        return [.. answers.SelectMany(states => states)];
    }

    public static async Task<IReadOnlyList<FollowerState>> States(Api api, Part part, CancellationToken ct) =>
        [.. (await api.Get($"{part.ApiPath}/ops/followers", ct)).AsArray().Select(row => Of(part, row!))];

    private static FollowerState Of(Part part, JsonNode row) =>
        new(
            Context: part.Name,
            Name: row["name"]!.GetValue<string>(),
            Position: row["position"]!.GetValue<long>(),
            Head: row["head"]!.GetValue<long>(),
            Lag: row["lagEvents"]!.GetValue<long>(),
            LagSeconds: row["lagSeconds"]!.GetValue<double>(),
            State: row["state"]!.GetValue<string>(),
            StuckAt: row["stuckAt"]?.GetValue<long>(),
            Error: row["error"]?.GetValue<string>(),
            Holder: row["holder"]?.GetValue<string>()
        );
}
