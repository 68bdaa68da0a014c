using System.Diagnostics;
using CrmPlatform.EventSourcing;
using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Groups;
using CrmPlatform.Segmentation.Lifetime;
using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.SegmentationBenchmarks;

/// <summary>Fits, scores, and what it takes to read everybody's purchases for them.</summary>
static class Lifetimes
{
    public static async Task Measure(Database database, Settings settings, List<Row> rows)
    {
        var customers = (int)(settings.Events ?? (settings.Quick ? 100_000 : 1_000_000));
        var rounds = settings.Rounds;
        if (settings.Wants("lifetime fit"))
        {
            var sample = Sample.TenTimes();
            var patterns = PurchasePattern.Of(sample.Select(c => (c.X, c.Recency, c.Age)));
            foreach (var kind in new[] { ModelKind.Mbg, ModelKind.Bg })
                Row(
                    $"lifetime fit: {kind.ToString().ToUpperInvariant()}/NBD of {sample.Count:N0}, {patterns.Length:N0} patterns",
                    2,
                    () => PurchaseFit.Of(kind, patterns)
                );
            Row(
                $"lifetime fit: Gamma-Gamma of {sample.Count(c => c.X > 0):N0}",
                2,
                () => ValueFit.Of(sample.Select(c => (c.X, c.MeanValue)))
            );
        }
        var (model, value) = (new PurchaseModel(ModelKind.Mbg, 0.524843, 6.183085, 0.89136, 1.614004), new ValueModel(6.25, 3.74, 15.44));
        if (settings.Wants("lifetime scores"))
        {
            var shop = Shop(customers);
            Row(
                $"lifetime scores of {customers:N0}, ages up to five years in days",
                5.0 * customers / 1_000_000,
                () =>
                {
                    var scorer = new Scorer(model, value, 1);
                    return shop.Sum(c => scorer.Of(c.X, c.Recency, c.Age, c.MeanValue).Clv);
                }
            );
            var few = shop[..(customers / 20)];
            var seconds = Median(rounds, () => few.Sum(c => new Scorer(model, value, 1).Of(c.X, c.Recency, c.Age, c.MeanValue).Clv));
            var each = seconds / few.Length * 1e6;
            rows.Add(new("lifetime scores: one customer by themselves", "c = 1", $"{each:0.0} µs", Goal: "<= 50 µs", Met: each <= 50));
        }
        if (settings.Wants("lifetime read"))
        {
            await Fill(customers);
            var (business, today) = (new Business(), new DateOnly(2026, 11, 30));
            await using var connection = await database.Db.OpenConnectionAsync();
            var started = Stopwatch.GetTimestamp();
            List<BuyingHistory> read;
            await using (var snapshot = await connection.BeginTransactionAsync())
                read = await BuyingHistories.OfAll(snapshot, business, today, default);
            rows.Add(
                new(
                    $"lifetime read: {read.Count:N0} customers, {3 * customers:N0} purchases",
                    "c = 1",
                    $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s"
                )
            );
            var at = 0;
            var slice = await Slice.Run(
                1,
                settings.StoreSlice,
                async _ =>
                    await BuyingHistories.Of(
                        connection,
                        CustomerGroup.Alone(read[at++ * 7919 % read.Count].CustomerId),
                        business,
                        today,
                        default
                    )
            );
            rows.Add(
                new(
                    "lifetime read: one customer",
                    "c = 1",
                    $"{Table.Rate(slice.PerSecond)}/s",
                    Table.Number(slice.P50),
                    Table.Number(slice.P99)
                )
            );
        }

        void Row<T>(string work, double most, Func<T> what)
        {
            var seconds = Median(rounds, what);
            rows.Add(new(work, "c = 1", $"{seconds:0.00} s", Goal: $"<= {most:0.##} s", Met: seconds <= most));
        }
    }

    internal static double Median<T>(int rounds, Func<T> what)
    {
        var seconds = Enumerable
            .Range(0, rounds)
            .Select(_ =>
            {
                var started = Stopwatch.GetTimestamp();
                what();
                return Stopwatch.GetElapsedTime(started).TotalSeconds;
            })
            .Order()
            .ToList();
        return seconds[rounds / 2];
    }

    /// <summary>Customers who buy as those of the sample, who came on any day of five years.</summary>
    static (int X, double Recency, double Age, double MeanValue)[] Shop(int customers)
    {
        var random = new Random(2);
        return
        [
            .. Enumerable
                .Range(0, customers)
                .Select(n =>
                {
                    var c = Sample.Customers[n % Sample.Customers.Count];
                    var age = random.Next(28, 1826);
                    return (c.X, Math.Min(c.Recency, age) / 7.0, age / 7.0, c.MeanValue);
                }),
        ];
    }

    /// <summary>Three purchases of each, in the tables that the room's views fill.</summary>
    internal static async Task Fill(int customers)
    {
        await using var owner = new Npgsql.NpgsqlConnection(Database.Owner);
        await owner.OpenAsync();
        await using var tables = new Npgsql.NpgsqlCommand(
            $"""
            create schema if not exists read; grant usage on schema read to bench_app;
            set search_path = read; {new CountedPurchases().Ddl}; {new JudgedWith().Ddl}; {new CustomerScores().Ddl};
            grant select on all tables in schema read to bench_app;
            truncate counted_purchases;
            insert into counted_purchases (customer_id, purchase_id, purchased_at, net, seq, event_id)
                select md5('c' || n % {customers})::uuid, md5('p' || n)::uuid,
                    timestamptz '2021-12-01' + (n::bigint * 7919 % 2600000) * interval '1 minute', 1000 + n % 9000, n, md5('e' || n)::uuid
                from generate_series(1, {3 * customers}) n;
            analyze counted_purchases
            """,
            owner
        )
        {
            CommandTimeout = 600,
        };
        await tables.ExecuteNonQueryAsync();
    }
}
