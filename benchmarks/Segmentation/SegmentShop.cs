using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.Segmentation.Rules;
using CrmPlatform.Segmentation.RuleSegments;
using CrmPlatform.ServiceDefaults;
using Npgsql;

namespace CrmPlatform.SegmentationBenchmarks;

/// <summary>Customers with the facts that a rule asks about: as the room keeps them, in tables of their own, and in memory.</summary>
static class SegmentShop
{
    public const int Orders = 6;
    public const int Views = 10;

    /// <summary>Of each customer: orders with a line, page views, and four things that hold.</summary>
    public const long Facts = 2 * Orders + Views + 4;
    public static readonly DateTimeOffset Now = new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero);
    public static readonly string[] Categories = ["toys", "books", "garden", "food", "music", "tools", "shoes", "sport"];
    static readonly string[] provinces = ["Beijing", "Shanghai", "Guangdong", "Sichuan", "Zhejiang"];
    static readonly string[] tiers = ["basic", "silver", "gold"];

    public sealed record Person(Guid Id, int Province, int Tier, bool OpenComplaint, DateTimeOffset[] At, int[] Category);

    static Person Make(Random random, int n)
    {
        // Many buy rarely, few often: instants of a skewed year.
        var year = 365 * Math.Pow(random.NextDouble(), 2);
        var at = Enumerable.Range(0, Orders).Select(_ => Now.AddDays(-year * random.NextDouble() - .01)).Order().ToArray();
        return new(
            new Guid(n, 7, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1),
            random.Next(provinces.Length),
            random.Next(tiers.Length),
            random.Next(20) == 0,
            at,
            [.. at.Select(_ => random.Next(Categories.Length))]
        );
    }

    static CustomerFacts FactsOf(Person p, Random random)
    {
        var facts = new CustomerFacts { CustomerId = p.Id };
        var begin = Instant.Of(Now.AddDays(-400));
        facts.Add(new(FactKind.Registered, begin, Instant.Never, 0, 1, 0, 0, 0, 0));
        facts.Hold(new(FactKind.Profile, begin, Instant.Never, FactCode.Of("province"), 0, FactCode.Of(provinces[p.Province]), 0, 0, 0));
        facts.Hold(new(FactKind.Tier, begin, Instant.Never, 0, 0, FactCode.Of(tiers[p.Tier]), 0, 0, 0));
        if (p.OpenComplaint)
            facts.Hold(new(FactKind.OpenTicket, begin, Instant.Never, 5, 1, FactCode.Of("complaint"), 0, 0, 0));
        for (var i = 0; i < p.At.Length; i++)
            facts.AddOrder(
                new(Instant.Of(p.At[i]), Instant.Never, (ulong)i + 1, 5_000, FactCode.Of("web"), 0, 0, 0),
                [new(FactCode.Of(Categories[p.Category[i]]), 0, (ulong)random.Next(1, 5_000), 5_000, false)]
            );
        for (var i = 0; i < Views; i++)
            facts.Add(
                new(
                    FactKind.PageView,
                    Instant.Of(Now.AddDays(-400 * random.NextDouble())),
                    Instant.Never,
                    0,
                    1,
                    0,
                    FactCode.Of(Categories[random.Next(8)]),
                    0,
                    0
                )
            );
        return facts;
    }

    public static async Task Tables()
    {
        await using var owner = new NpgsqlConnection(Database.Owner);
        await owner.OpenAsync();
        await using var tables = new NpgsqlCommand(
            $"""
            create schema if not exists read; grant usage on schema read to bench_app; set search_path = read;
            {new SegmentFacts(new SegmentBook(new Business())).Ddl};
            create table bench_people (customer uuid primary key, province text, tier text, open_complaint bool, last_order timestamptz);
            create table bench_orders (customer uuid, category text, at timestamptz);
            grant select, insert on all tables in schema read to bench_app
            """,
            owner
        );
        await tables.ExecuteNonQueryAsync();
    }

    public static async Task<List<Person>> Fill(Database database, int customers)
    {
        var random = new Random(3);
        var people = Enumerable.Range(0, customers).Select(n => Make(random, n)).ToList();
        await using var connection = await database.Db.OpenConnectionAsync();
        await using (
            var facts = await connection.BeginBinaryImportAsync(
                "copy segment_facts (customer_id, through, facts) from stdin (format binary)"
            )
        )
        {
            foreach (var p in people)
            {
                await facts.StartRowAsync();
                await facts.WriteAsync(p.Id);
                await facts.WriteAsync(1L);
                await facts.WriteAsync(FactBytes.Write(FactsOf(p, random)));
            }
            await facts.CompleteAsync();
        }
        await using (var rows = await connection.BeginBinaryImportAsync("copy bench_people from stdin (format binary)"))
        {
            foreach (var p in people)
            {
                await rows.StartRowAsync();
                await rows.WriteAsync(p.Id);
                await rows.WriteAsync(provinces[p.Province]);
                await rows.WriteAsync(tiers[p.Tier]);
                await rows.WriteAsync(p.OpenComplaint);
                await rows.WriteAsync(p.At[^1].ToUniversalTime());
            }
            await rows.CompleteAsync();
        }
        await using (var orders = await connection.BeginBinaryImportAsync("copy bench_orders from stdin (format binary)"))
        {
            foreach (var p in people)
                for (var i = 0; i < p.At.Length; i++)
                {
                    await orders.StartRowAsync();
                    await orders.WriteAsync(p.Id);
                    await orders.WriteAsync(Categories[p.Category[i]]);
                    await orders.WriteAsync(p.At[i].ToUniversalTime());
                }
            await orders.CompleteAsync();
        }
        await using var owner = new NpgsqlConnection(Database.Owner);
        await owner.OpenAsync();
        await using var analyze = new NpgsqlCommand(
            "set search_path = read; create index on bench_orders (customer); analyze bench_orders, bench_people, segment_facts",
            owner
        )
        {
            CommandTimeout = 600,
        };
        await analyze.ExecuteNonQueryAsync();
        return people;
    }
}
