using System.Diagnostics;
using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.Segmentation.BackTests;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Definitions;
using CrmPlatform.Segmentation.Rfm;
using CrmPlatform.Segmentation.Runs;
using CrmPlatform.ServiceDefaults;
using Dapper;

namespace CrmPlatform.SegmentationBenchmarks;

/// <summary>RFM and ABC of everybody as a run computes them, plainly, and by SQL; and what runs and back-tests read.</summary>
static class Runs
{
    static readonly Business business = new();
    static readonly DateOnly asOf = new(2026, 11, 30);

    public static async Task Measure(Database database, Settings settings, List<Row> rows)
    {
        var customers = (int)(settings.Events ?? (settings.Quick ? 100_000 : 1_000_000));
        var rounds = settings.Rounds;
        if (settings.Wants("run scores"))
        {
            var (shop, measuring) = (Shop(customers), new Measuring(RunDefinition.Default, asOf, Scoring.Decision, business));
            var (own, ownTime) = Timed(rounds, () => Scores(shop, measuring));
            var (plain, plainTime) = Timed(rounds, () => Plain.Scores(shop, asOf));
            await Plain.Fill(shop);
            await using var connection = await database.Db.OpenConnectionAsync();
            await using var snapshot = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync("set local enable_seqscan = on");
            var sqlTime = Timed(rounds, () => connection.ExecuteScalar(Plain.Sum)).Seconds;
            var sql = (await connection.QueryAsync<(int, int, int, string)>(Plain.Sql)).ToArray();
            if (!own.AsSpan().SequenceEqual(plain) || !own.AsSpan().SequenceEqual(sql))
                throw new InvalidOperationException("The three do not say the same.");
            rows.Add(
                new(
                    $"run scores: scales, scores, segments, types, grades of {customers:N0}",
                    "c = 1",
                    $"{ownTime:0.00} s",
                    Goal: $"<= {1.0 * customers / 1_000_000:0.##} s",
                    Met: ownTime <= 1.0 * customers / 1_000_000
                )
            );
            rows.Add(new("run scores: the same by a plain computation", "c = 1", $"{plainTime:0.00} s, {plainTime / ownTime:0.0} times"));
            rows.Add(new("run scores: scores and grades by SQL", "c = 1", $"{sqlTime:0.00} s, {sqlTime / ownTime:0.0} times"));
        }
        if (settings.Wants("run read") || settings.Wants("back-test"))
        {
            await Lifetimes.Fill(customers);
            await using var connection = await database.Db.OpenConnectionAsync();
            var whole = new Measuring(RunDefinition.Default, asOf, Scoring.Decision, business);
            await Read("run read: how much there is", _ => Population.Measure(connection, whole.Until, whole.Until, default));
            await Read(
                $"run read: {customers:N0} customers, {3 * customers:N0} purchases",
                snapshot => whole.ReadAll(snapshot, long.MaxValue, default)
            );
            var period = new Period(RunDefinition.Default, asOf.AddDays(-365), 365, business);
            List<Bought> bought = [];
            Metrics[] atEnd = [];
            await Read(
                "back-test: read the cut, the period, the end",
                async snapshot =>
                {
                    bought = await period.ReadAll(snapshot, long.MaxValue, default);
                    atEnd = [.. (await period.AtEnd.ReadAll(snapshot, long.MaxValue, default)).Select(m => m.Metrics)];
                    return 0;
                }
            );
            var seconds = Timed(rounds, () => Measured.Of(period, bought, atEnd, Guid.Empty)).Seconds;
            rows.Add(
                new(
                    "back-test: classes, ranks, 1,000 permutations",
                    "c = 1",
                    $"{seconds:0.00} s",
                    Goal: $"<= {10.0 * customers / 1_000_000:0.##} s",
                    Met: seconds <= 10.0 * customers / 1_000_000
                )
            );

            async Task Read<T>(string work, Func<Npgsql.NpgsqlTransaction, Task<T>> what)
            {
                await using var snapshot = await connection.BeginTransactionAsync();
                var started = Stopwatch.GetTimestamp();
                await what(snapshot);
                rows.Add(new(work, "c = 1", $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s"));
            }
        }
    }

    static (int, int, int, string)[] Scores(Metrics[] shop, Measuring measuring)
    {
        var (rfm, abc) = measuring.Scales(shop);
        var scores = new (int, int, int, string)[shop.Length];
        var names = 0;
        for (var i = 0; i < shop.Length; i++)
        {
            var s = rfm.Score(shop[i]);
            names += measuring.Definition.SegmentOf(s).Length + rfm.ChineseType(shop[i]).Length;
            scores[i] = (s.Recency, s.Frequency, s.Monetary, abc.Grade(measuring.Definition.Shared(shop[i])));
        }
        return names > 0 ? scores : [];
    }

    static (T Value, double Seconds) Timed<T>(int rounds, Func<T> what)
    {
        T value = default!;
        return (value = what(), Lifetimes.Median(rounds, what));
    }

    /// <summary>Heavy tails: most buy once, few very often; what an order is worth is log-normal by customer.</summary>
    static Metrics[] Shop(int customers)
    {
        var random = new Random(3);
        return
        [
            .. Enumerable
                .Range(0, customers)
                .Select(_ =>
                {
                    var orders = (long)Math.Min(5000, Math.Pow(1 - random.NextDouble(), -1 / 1.3));
                    var worth = Math.Exp(
                        3.5 + (0.9 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble()))
                    );
                    var days = (int)(-300 * Math.Log(1 - random.NextDouble()) / Math.Sqrt(orders));
                    return new Metrics(
                        asOf.AddDays(-Math.Min(days, 3650)),
                        orders,
                        random.Next(200) == 0 ? 0 : (long)(orders * worth * 100)
                    );
                }),
        ];
    }
}
