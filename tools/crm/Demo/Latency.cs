using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>
/// How long a purchase takes from "accepted" until the portrait shows it, its RFM score and its points, while 100 purchases a second come
/// in. One in twenty is a new customer's first and followed by asking for the portrait again and again; the others are bought by a few
/// regulars. The first seconds are not counted: programs that have just started still compile what they run.
/// </summary>
public static class Latency
{
    public const int PerSecond = 100;
    private const int WarmUpSeconds = 10;
    private const int Seconds = 20;
    private const int OneIn = 20;
    private const int Regulars = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static async Task<Probe> Measure(Api api, Instance instance, TimeProvider clock, Probe? before, CancellationToken ct)
    {
        var count = PerSecond * (WarmUpSeconds + Seconds);
        var session = clock.GetUtcNow();
        AnsiConsole.WriteLine(
            $"measuring: {PerSecond} purchases a second for {WarmUpSeconds} + {Seconds} seconds, by customers of their own"
        );
        var customers = await Register(api, Regulars + count / OneIn, session, ct);
        var delays = new ConcurrentBag<double>();
        var bought = 0;
        try
        {
            await Shop(0, PerSecond * WarmUpSeconds, _ => { });
            await CaughtUp.Wait(api, ct, TimeSpan.FromSeconds(1));
            await Shop(PerSecond * WarmUpSeconds, count, delays.Add);
        }
        finally
        {
            // Also when it was broken off: what was bought stays bought, and the next comparison must know.
            var old = before ?? Probe.None;
            before = new Probe(
                old.Customers + customers.Count,
                old.Purchases + bought,
                old.Net + bought,
                old.Points + bought,
                session,
                [.. delays.Order()]
            );
            before.Write(instance);
        }
        return before;

        async Task Shop(int from, int to, Action<double> seen)
        {
            var work = new List<Task>();
            var began = Stopwatch.GetTimestamp();
            for (var n = from; n < to; n++)
            {
                var due = TimeSpan.FromSeconds((double)(n - from) / PerSecond) - Stopwatch.GetElapsedTime(began);
                if (due > TimeSpan.Zero)
                    await Task.Delay(due, clock, ct);
                var (order, followed) = ($"{session:yyyyMMddHHmmss}-{n}", n % OneIn == 0);
                var customer = customers[followed ? Regulars + n / OneIn : n % Regulars];
                work.Add(
                    Task.Run(
                        async () =>
                        {
                            await Buy(api, customer, order, clock.GetUtcNow(), ct);
                            Interlocked.Increment(ref bought);
                            if (followed)
                                seen(await Seen(api, customer, ct));
                        },
                        ct
                    )
                );
            }
            await Task.WhenAll(work);
        }
    }

    private static async Task<IReadOnlyList<string>> Register(Api api, int count, DateTimeOffset session, CancellationToken ct)
    {
        var rows = Enumerable
            .Range(1, count)
            .Select(n =>
                new JsonObject
                {
                    ["kind"] = "individual",
                    ["source"] = "probe",
                    ["externalIds"] = new JsonArray(new JsonObject { ["system"] = "probe", ["value"] = $"{session:yyyyMMddHHmmss}-{n}" }),
                    ["profile"] = new JsonObject { ["name"] = $"Probe {n}" },
                    ["contacts"] = new JsonArray(),
                    ["tags"] = new JsonArray(),
                    ["consents"] = new JsonArray(),
                    ["occurredAt"] = session.ToString("O"),
                }.ToJsonString()
            )
            .ToList();
        var ids = new List<string>();
        await foreach (var line in api.Import($"/api/customers/imports/probe-{session:yyyyMMddHHmmss}/customers", rows, ct))
            ids.Add(line["id"]?.GetValue<string>() ?? throw new CrmException($"a probe customer was refused: {line.ToJsonString()}"));
        await CaughtUp.Wait(api, ct, TimeSpan.FromSeconds(1));
        return ids;
    }

    private static Task Buy(Api api, string customer, string order, DateTimeOffset at, CancellationToken ct) =>
        api.Post(
            "/api/customers/purchases",
            new
            {
                source = "probe",
                orderNumber = order,
                customerId = customer,
                channel = "probe",
                currency = "USD",
                occurredAt = at.ToString("O"),
                lines = new[]
                {
                    new
                    {
                        productId = "probe",
                        category = "PROBE",
                        quantity = 1,
                        net = 1.00m,
                    },
                },
            },
            ct
        );

    /// <summary>Milliseconds until the portrait has it all. Asking again at once would measure the asking.</summary>
    private static async Task<double> Seen(Api api, string customer, CancellationToken ct)
    {
        var accepted = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(accepted) < Patience)
        {
            if (IsComplete(await api.Get($"/api/customers/{customer}/portrait", ct)))
                return Stopwatch.GetElapsedTime(accepted).TotalMilliseconds;
            // The longer it takes, the seldomer it is asked: asking costs what is measured.
            await Task.Delay(Math.Max(5, (int)Stopwatch.GetElapsedTime(accepted).TotalMilliseconds / 5), ct);
        }
        throw new CrmException($"the purchase of probe customer {customer} was not in the portrait after {Patience.TotalSeconds} s");
    }

    private static bool IsComplete(JsonNode portrait) =>
        portrait["behaviour"]?["purchases"] is not null
        && portrait["value"]?["rfm"] is not null
        && portrait["loyalty"]?["points"]?["value"]?.GetValue<long>() > 0;
}
