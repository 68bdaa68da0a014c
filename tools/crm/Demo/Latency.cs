using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace CrmPlatform.Crm;

/// <summary>
/// How long a purchase takes from "accepted" until the portrait shows it and its points, and segmentation counts it, while 100 purchases a
/// second come in one by one: the last ones of the sample. One in twenty is followed by asking again and again. The first seconds are not
/// counted: programs that have just started still compile what they run.
/// </summary>
public static class Latency
{
    public const int PerSecond = 100;

    /// <summary>How many purchases it takes.</summary>
    public const int Purchases = PerSecond * (WarmUpSeconds + Seconds);
    private const int WarmUpSeconds = 10;
    private const int Seconds = 20;
    private const int OneIn = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <param name="rows">Of the sample's file, in the order of time; the customer's id in place of the number.</param>
    public static async Task<Delays> Measure(Api api, IReadOnlyList<JsonObject> rows, TimeProvider clock, Action each, CancellationToken ct)
    {
        var began = clock.GetUtcNow();
        var delays = new ConcurrentBag<double>();
        await Shop(rows.Take(PerSecond * WarmUpSeconds), _ => { });
        await CaughtUp.Wait(api, ct, TimeSpan.FromSeconds(1));
        await Shop(rows.Skip(PerSecond * WarmUpSeconds), delays.Add);
        return new(began, [.. delays.Order()]);

        async Task Shop(IEnumerable<JsonObject> bought, Action<double> seen)
        {
            var work = new List<Task>();
            var start = Stopwatch.GetTimestamp();
            var (sent, followed) = (0, 0);
            foreach (var row in bought)
            {
                var due = TimeSpan.FromSeconds((double)sent / PerSecond) - Stopwatch.GetElapsedTime(start);
                if (due > TimeSpan.Zero)
                    await Task.Delay(due, clock, ct);
                // What is worth nothing gives no points that could be waited for.
                var follow = followed * OneIn <= sent++ && Net(row) >= 1;
                followed += follow ? 1 : 0;
                work.Add(
                    Task.Run(
                        async () =>
                        {
                            await api.Post("/api/customers/purchases", row, ct);
                            each();
                            if (follow)
                                seen(await Seen(api, row, ct));
                        },
                        ct
                    )
                );
            }
            await Task.WhenAll(work);
        }
    }

    private static decimal Net(JsonObject row) => row["lines"]!.AsArray().Sum(line => line!["net"]!.GetValue<decimal>());

    /// <summary>Milliseconds until every room shows it. Asking again at once would measure the asking.</summary>
    private static async Task<double> Seen(Api api, JsonObject row, CancellationToken ct)
    {
        var accepted = Stopwatch.GetTimestamp();
        var (customer, at) = (
            row["customerId"]!.GetValue<string>(),
            DateTimeOffset.Parse(row["occurredAt"]!.GetValue<string>(), CultureInfo.InvariantCulture)
        );
        while (Stopwatch.GetElapsedTime(accepted) < Patience)
        {
            var portrait = await api.Get($"/api/customers/{customer}/portrait", ct);
            if (
                Reached(portrait["behaviour"]!["lastPurchase"]?["at"])
                && Reached(portrait["loyalty"]!["points"]?["at"])
                && Reached((await api.Get($"/api/segmentation/customers/{customer}", ct))["lastOrderAt"])
            )
                return Stopwatch.GetElapsedTime(accepted).TotalMilliseconds;
            // The longer it takes, the seldomer it is asked: asking costs what is measured.
            await Task.Delay(Math.Max(5, (int)Stopwatch.GetElapsedTime(accepted).TotalMilliseconds / 5), ct);
        }
        throw new CrmException($"a purchase of {customer} was not in the portrait after {Patience.TotalSeconds} s");

        bool Reached(JsonNode? instant) => instant is not null && instant.GetValue<DateTimeOffset>() >= at;
    }
}
