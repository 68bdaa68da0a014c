using System.Diagnostics;
using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.Segmentation.Groups;
using CrmPlatform.Segmentation.Needs;
using CrmPlatform.ServiceDefaults;
using Npgsql;

namespace CrmPlatform.SegmentationBenchmarks;

/// <summary>
/// Judging everybody's need for low prices: reading their orders, the mean, the bands; beside a loop over the same orders in memory. One
/// customer in fifty is one with another.
/// </summary>
static class Needs
{
    const int Orders = 6;

    static readonly Business business = new();
    static readonly DateOnly asOf = new(2026, 11, 30);

    public static async Task Measure(Database database, Settings settings, List<Row> rows)
    {
        if (!settings.Wants("needs"))
            return;
        var customers = (int)(settings.Events ?? (settings.Quick ? 100_000 : 1_000_000));
        var window = NeedWindow.Of(asOf, business, long.MaxValue);
        await Fill(customers, window);
        await using var connection = await database.Db.OpenConnectionAsync();
        var (judged, oursTime) = await Median(settings.Rounds, () => Judge(connection, window));
        var shop = Shop(customers, window).ToArray();
        var (plain, plainTime) = await Median(settings.Rounds, () => Task.FromResult(Plain(shop, window)));
        if (judged != plain)
            throw new InvalidOperationException($"They do not say the same: {judged}, {plain}");
        var most = 5.0 * customers / 1_000_000;
        rows.Add(
            new(
                $"needs: read and judge {customers:N0} customers, {Orders * customers:N0} orders",
                "c = 1",
                $"{oursTime:0.00} s",
                Goal: $"<= {most:0.##} s",
                Met: oursTime <= most
            )
        );
        rows.Add(new("needs: plain loop over the same in memory", "c = 1", $"{plainTime:0.00} s"));
    }

    /// <summary>As a run does: once for the mean, once for the bands.</summary>
    static async Task<(long Low, long High)> Judge(NpgsqlConnection connection, NeedWindow window)
    {
        await using var snapshot = await connection.BeginTransactionAsync();
        var scan = await NeedScan.Begin(connection, window, default);
        var (patterns, low, high) = (new NeedPatterns(), 0L, 0L);
        await scan.Everybody(patterns.Add, default);
        var scale = NeedScale.Of(NeedCodes.Price, patterns.Counts);
        await scan.Everybody(
            (_, count) =>
            {
                var band = scale.BandOf(count, null);
                low += band == NeedBand.Low ? 1 : 0;
                high += band == NeedBand.High ? 1 : 0;
            },
            default
        );
        return (low, high);
    }

    static (long Low, long High) Plain((Guid Survivor, DateTimeOffset At, bool Discounted)[][] shop, NeedWindow window)
    {
        var (all, joined) = (new List<(int N, int K)>(shop.Length), new Dictionary<Guid, (int N, int K)>());
        var (orders, counted) = (0L, 0L);
        for (var c = 0; c < shop.Length; c++)
        {
            var (n, k) = (0, 0);
            foreach (var (_, at, discounted) in shop[c])
                if (at >= window.From && at < window.Until)
                {
                    n++;
                    k += discounted ? 1 : 0;
                }
            (orders, counted) = (orders + n, counted + k);
            if (IsGrouped(c, shop.Length))
            {
                var sum = joined.GetValueOrDefault(shop[c][0].Survivor);
                joined[shop[c][0].Survivor] = (sum.N + n, sum.K + k);
            }
            else
                all.Add((n, k));
        }
        all.AddRange(joined.Values);
        var (mean, low, high) = ((double)counted / orders, 0L, 0L);
        foreach (var (n, k) in all)
        {
            var above = n < 5 ? -1 : ((k + (10 * mean)) / (n + 10)) - mean;
            high += above >= .25 ? 1 : 0;
            low += above is >= .15 and < .25 ? 1 : 0;
        }
        return (low, high);
    }

    static bool IsGrouped(int c, int customers) => c < customers / 50 * 2;

    static Guid Id(int c) => new(c, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Orders of fourteen months; each customer has a share of their own that is discounted.</summary>
    static IEnumerable<(Guid Survivor, DateTimeOffset At, bool Discounted)[]> Shop(int customers, NeedWindow window)
    {
        var random = new Random(7);
        for (var c = 0; c < customers; c++)
        {
            var (survivor, share) = (IsGrouped(c, customers) ? Id(c / 2 * 2) : Id(c), random.NextDouble() * random.NextDouble());
            yield return
            [
                .. Enumerable
                    .Range(0, 1 + random.Next((2 * Orders) - 1))
                    .Select(_ => (survivor, window.Until.AddDays(-random.Next(1, 425)), random.NextDouble() < share)),
            ];
        }
    }

    static async Task Fill(int customers, NeedWindow window)
    {
        await using var owner = new NpgsqlConnection(Database.Owner);
        await owner.OpenAsync();
        await Run(
            $"""
            create schema if not exists read; grant usage on schema read to bench_app;
            set search_path = read; {new NeedFacts().Ddl}; {new JudgedWith().Ddl};
            grant select on all tables in schema read to bench_app; truncate need_facts, judged_with
            """
        );
        await using (
            var copy = await owner.BeginBinaryImportAsync("copy need_facts (customer_id, orders, gone) from stdin (format binary)")
        )
        {
            var (c, bytes) = (0, new List<byte>());
            foreach (var orders in Shop(customers, window))
            {
                bytes.Clear();
                for (var i = 0; i < orders.Length; i++)
                    NeedOrders.Add(bytes, new(c, (short)i, 1, 0, 0, 0, 0, 0, 0, 0, 0), orders[i].At, 1, orders[i].Discounted);
                await copy.StartRowAsync();
                await copy.WriteAsync(Id(c++));
                await copy.WriteAsync(bytes.ToArray());
                await copy.WriteAsync(Array.Empty<byte>());
            }
            await copy.CompleteAsync();
        }
        await using (
            var copy = await owner.BeginBinaryImportAsync("copy judged_with (customer_id, seq, survivor_id) from stdin (format binary)")
        )
        {
            for (var c = 1; IsGrouped(c, customers); c += 2)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(Id(c));
                await copy.WriteAsync(1L);
                await copy.WriteAsync(Id(c - 1));
            }
            await copy.CompleteAsync();
        }
        await Run("analyze need_facts; analyze judged_with");

        async Task Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, owner);
            await command.ExecuteNonQueryAsync();
        }
    }

    static async Task<(T Result, double Seconds)> Median<T>(int rounds, Func<Task<T>> what)
    {
        var (result, seconds) = (default(T)!, new List<double>());
        for (var i = 0; i < rounds; i++)
        {
            var started = Stopwatch.GetTimestamp();
            result = await what();
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        return (result, seconds.Order().ElementAt(rounds / 2));
    }
}
