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
        await SegmentShop.Tables();
        var people = await SegmentShop.Fill(database, customers);
        var draft = new SegmentDraft(new("测", "bench"), "service", Rule);
        var live = new LiveSegment("bench", [draft.Era(1, SegmentShop.Now, new Business())], long.MinValue, null);
        var at = Instant.Of(SegmentShop.Now);

        var (room, found) = await Median(settings.Rounds, () => Scan(database, live, at));
        var (loop, plain) = await Median(settings.Rounds, () => Task.FromResult((long)people.Count(Plain)));
        var (sql, counted) = await Median(settings.Rounds, () => Count(database));
        if (found != plain || found != counted)
            throw new InvalidOperationException($"{found} members by the room, {plain} by the loop, {counted} by SQL");
        var goal = 2.0 * customers / 1_000_000;
        var what = $"segment rule of 5 conditions, {customers:N0} customers, {customers * SegmentShop.Facts:N0} facts";
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

    static bool Plain(SegmentShop.Person p)
    {
        if (p.Province > 1 || p.Tier == 2 || p.OpenComplaint || (SegmentShop.Now - p.At[^1]).TotalDays >= 60)
            return false;
        var toys = 0;
        for (var i = 0; i < p.At.Length; i++)
            if (p.Category[i] == 0 && (SegmentShop.Now - p.At[i]).TotalDays < 90)
                toys++;
        return toys >= 2;
    }

    static CustomerFacts Heavy()
    {
        var (random, facts) = (new Random(4), new CustomerFacts());
        for (var i = 0; i < 500; i++)
        {
            facts.AddOrder(
                new(Instant.Of(SegmentShop.Now.AddHours(-i * 10)), Instant.Never, (ulong)i + 1, 100, 0, 0, 0, 0),
                [new(FactCode.Of(SegmentShop.Categories[random.Next(8)]), 0, 0, 100, false)]
            );
            facts.Add(new(FactKind.PageView, Instant.Of(SegmentShop.Now.AddHours(-i)), Instant.Never, 0, 1, 0, 0, 0, 0));
        }
        return facts;
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
