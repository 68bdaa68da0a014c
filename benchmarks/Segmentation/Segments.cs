using System.Diagnostics;
using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.Segmentation.Rules;
using CrmPlatform.Segmentation.RuleSegments;
using CrmPlatform.ServiceDefaults;
using Npgsql;

namespace CrmPlatform.SegmentationBenchmarks;

/// <summary>
/// A rule of five conditions asked about everybody: as the room asks it, beside a plain loop over the same facts in memory, and beside SQL
/// over tables that hold nothing else.
/// </summary>
static class Segments
{
    const int Orders = 6;
    const int Views = 10;
    static readonly DateTimeOffset now = new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero);
    static readonly string[] categories = ["toys", "books", "garden", "food", "music", "tools", "shoes", "sport"];
    static readonly string[] provinces = ["Beijing", "Shanghai", "Guangdong", "Sichuan", "Zhejiang"];
    static readonly string[] tiers = ["basic", "silver", "gold"];

    public static Condition Rule { get; } =
        new(
            All:
            [
                new(Profile: new("province", ["Beijing", "Shanghai"])),
                new(Purchases: new("count", AtLeast: 2, Category: "toys", Within: new(90))),
                new(Not: new(OpenTickets: new("complaint", 1))),
                new(Not: new(Score: new("tier", ["gold"], Missing: "no"))),
                new(Silence: new("purchase", UnderDays: 60)),
            ]
        );

    // The same, of the same facts.
    const string Sql = """
        select count(*) from bench_people p
        where province in ('Beijing', 'Shanghai') and tier <> 'gold' and not open_complaint
            and last_order > timestamptz '2026-11-30 00:00Z' - interval '60 days'
            and (select count(*) from bench_orders o where o.customer = p.customer and o.category = 'toys'
                and o.at > timestamptz '2026-11-30 00:00Z' - interval '90 days') >= 2
        """;

    public static async Task Measure(Database database, Settings settings, List<Row> rows)
    {
        if (!settings.Wants("segment rule"))
            return;
        var customers = (int)(settings.Events ?? (settings.Quick ? 100_000 : 1_000_000));
        await Tables();
        var people = await Fill(database, customers);
        var draft = new SegmentDraft(new("测", "bench"), "service", Rule);
        var live = new LiveSegment("bench", [draft.Era(1, now, new Business())], long.MinValue, null);
        var at = Instant.Of(now);

        var (room, found) = await Median(settings.Rounds, () => Scan(database, live, at));
        var (loop, plain) = await Median(settings.Rounds, () => Task.FromResult((long)people.Count(Plain)));
        var (sql, counted) = await Median(settings.Rounds, () => Count(database));
        if (found != plain || found != counted)
            throw new InvalidOperationException($"{found} members by the room, {plain} by the loop, {counted} by SQL");
        var goal = 2.0 * customers / 1_000_000;
        var what = $"segment rule of 5 conditions, {customers:N0} customers, {customers * (Orders * 2 + Views + 4L):N0} facts";
        rows.Add(new($"{what}: until counts answer", "c = 2", $"{room:0.00} s", Goal: $"<= {goal:0.##} s", Met: room <= goal));
        rows.Add(new("segment rule: plain loop over the same in memory", "c = 1", $"{loop:0.000} s", Ratio: $"{room / loop:0}"));
        rows.Add(new("segment rule: SQL, tables of these facts alone", "c = 1", $"{sql:0.00} s", Ratio: $"{room / sql:0.0}"));
        var one = Heavy();
        var rule = CrmPlatform.Segmentation.Rules.Rule.Of(Rule, new Business());
        var (proof, _) = await Median(settings.Rounds, () => Task.FromResult((long)rule.Prove(one, at).Of.Count));
        rows.Add(
            new(
                "segment rule: proof of a customer with 1,000 facts",
                "c = 1",
                $"{proof * 1e3:0.00} ms",
                Goal: "<= 20 ms",
                Met: proof <= .02
            )
        );
    }

    static async Task<long> Scan(Database database, LiveSegment live, long at) =>
        (
            await SegmentScan.Run(
                database.Db,
                live.Kinds,
                () => new long[1],
                (count, facts) => count[0] += live.At(facts, live.Eras[0], at) == Verdict.Yes ? 1 : 0,
                default
            )
        ).Sum(c => c[0]);

    static async Task<long> Count(Database database)
    {
        await using var command = database.Db.CreateCommand(Sql);
        command.CommandTimeout = 600;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    static bool Plain(Person p)
    {
        if (p.Province > 1 || p.Tier == 2 || p.OpenComplaint || (now - p.At[^1]).TotalDays >= 60)
            return false;
        var toys = 0;
        for (var i = 0; i < p.At.Length; i++)
            if (p.Category[i] == 0 && (now - p.At[i]).TotalDays < 90)
                toys++;
        return toys >= 2;
    }

    sealed record Person(Guid Id, int Province, int Tier, bool OpenComplaint, DateTimeOffset[] At, int[] Category);

    static Person Make(Random random, int n)
    {
        // Many buy rarely, few often: instants of a skewed year.
        var year = 365 * Math.Pow(random.NextDouble(), 2);
        var at = Enumerable.Range(0, Orders).Select(_ => now.AddDays(-year * random.NextDouble() - .01)).Order().ToArray();
        return new(
            new Guid(n, 7, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1),
            random.Next(provinces.Length),
            random.Next(tiers.Length),
            random.Next(20) == 0,
            at,
            [.. at.Select(_ => random.Next(categories.Length))]
        );
    }

    static CustomerFacts FactsOf(Person p, Random random)
    {
        var facts = new CustomerFacts { CustomerId = p.Id };
        var begin = Instant.Of(now.AddDays(-400));
        facts.Add(new(FactKind.Registered, begin, Instant.Never, 0, 1, 0, 0, 0, 0));
        facts.Hold(new(FactKind.Profile, begin, Instant.Never, FactCode.Of("province"), 0, FactCode.Of(provinces[p.Province]), 0, 0, 0));
        facts.Hold(new(FactKind.Tier, begin, Instant.Never, 0, 0, FactCode.Of(tiers[p.Tier]), 0, 0, 0));
        if (p.OpenComplaint)
            facts.Hold(new(FactKind.OpenTicket, begin, Instant.Never, 5, 1, FactCode.Of("complaint"), 0, 0, 0));
        for (var i = 0; i < p.At.Length; i++)
            facts.AddOrder(
                new(Instant.Of(p.At[i]), Instant.Never, (ulong)i + 1, 5_000, FactCode.Of("web"), 0, 0, 0),
                [new(FactCode.Of(categories[p.Category[i]]), 0, (ulong)random.Next(1, 5_000), 5_000, false)]
            );
        for (var i = 0; i < Views; i++)
            facts.Add(
                new(
                    FactKind.PageView,
                    Instant.Of(now.AddDays(-400 * random.NextDouble())),
                    Instant.Never,
                    0,
                    1,
                    0,
                    FactCode.Of(categories[random.Next(8)]),
                    0,
                    0
                )
            );
        return facts;
    }

    static CustomerFacts Heavy()
    {
        var (random, facts) = (new Random(4), new CustomerFacts());
        for (var i = 0; i < 500; i++)
        {
            facts.AddOrder(
                new(Instant.Of(now.AddHours(-i * 10)), Instant.Never, (ulong)i + 1, 100, 0, 0, 0, 0),
                [new(FactCode.Of(categories[random.Next(8)]), 0, 0, 100, false)]
            );
            facts.Add(new(FactKind.PageView, Instant.Of(now.AddHours(-i)), Instant.Never, 0, 1, 0, 0, 0, 0));
        }
        return facts;
    }

    static async Task Tables()
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

    static async Task<List<Person>> Fill(Database database, int customers)
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
                    await orders.WriteAsync(categories[p.Category[i]]);
                    await orders.WriteAsync(p.At[i].ToUniversalTime());
                }
            await orders.CompleteAsync();
        }
        await using var owner = new NpgsqlConnection(Database.Owner);
        await owner.OpenAsync();
        await using var analyze = new NpgsqlCommand(
            "set search_path = read; create index on bench_orders (customer); analyze bench_orders; analyze bench_people; analyze segment_facts",
            owner
        )
        {
            CommandTimeout = 600,
        };
        await analyze.ExecuteNonQueryAsync();
        return people;
    }

    static async Task<(double Seconds, long Found)> Median(int rounds, Func<Task<long>> what)
    {
        var seconds = new List<double>();
        var found = 0L;
        for (var i = 0; i < rounds; i++)
        {
            var started = Stopwatch.GetTimestamp();
            found = await what();
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        seconds.Sort();
        return (seconds[rounds / 2], found);
    }
}
