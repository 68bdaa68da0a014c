using System.Diagnostics;
using CrmPlatform.EventSourcing;
using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.Segmentation;
using CrmPlatform.Segmentation.Churn;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Facts;
using CrmPlatform.Segmentation.Grading;
using CrmPlatform.Segmentation.Rules;
using CrmPlatform.Segmentation.RuleSegments;
using CrmPlatform.ServiceDefaults;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CrmPlatform.SegmentationBenchmarks;

/// <summary>
/// From a fact to the membership that it changes, while facts keep coming in: recorded in transactions of a hundred, as messages that wait
/// together are, folded, judged by a hundred segments, and shown. Every fiftieth fact moves somebody in or out.
/// </summary>
static class Live
{
    const int Segments = 100;
    const int AtOnce = 100;

    public static async Task Measure(Database database, Settings settings, List<Row> rows)
    {
        if (!settings.Wants("segment live"))
            return;
        var (customers, rate) = (20_000, (int)(settings.Events is > 0 and < 100_000 ? settings.Events : 5_000));
        var book = new SegmentBook(new Business());
        var store = database.Store(o =>
            o.Aggregate<CustomerValue, ICustomerEvent>("customer_value")
                .Aggregate<SegmentDefinition, ISegmentEvent>("segment")
                .Aggregate<Memberships, IMembershipEvent>("segment_membership")
                .Aggregate<CustomerGrade, IGradeEvent>("customer_grade")
                .Aggregate<CustomerChurn, IChurnEvent>("churn")
                .Inline(new SegmentTable())
                .Async(new DueList(new SegmentationOptions()))
                .Async(new SegmentFacts(book))
                .Async(new SegmentMembers())
        );
        using var daemon = await database.Daemon(store);
        await daemon.StartAsync(default);
        var now = TimeProvider.System;
        for (var i = 0; i < Segments; i++)
        {
            var draft = new SegmentDraft(new("测", "bench"), "service", RuleOf(i));
            var code = $"s{i}";
            await store.Write(new(now), SegmentDefinition.Of(code), s => s.Write(code, draft, new Business(), now.GetUtcNow()));
            await store.Write(new(now), SegmentDefinition.Of(code), s => s.Publish(code, book, now.GetUtcNow()));
        }
        Guid[] people = [.. Enumerable.Range(0, customers).Select(_ => Guid.CreateVersion7())];
        foreach (var some in people.Chunk(500))
            await store.Execute(new Request(now), [.. some.Select(id => Write.To(CustomerValue.Of(id), _ => Known()))]);
        var options = new SegmentationOptions();
        var due = new DueRunner(database.Db, store, now, NullLogger<DueRunner>.Instance);
        await daemon.CatchUp();
        await due.Run(new SpreadSegments(book, options));

        using var over = new CancellationTokenSource();
        var judging = Task.Run(async () =>
        {
            var judge = new JudgeSegments(book, options);
            while (!over.IsCancellationRequested)
            {
                await due.Run(judge);
                await Task.Delay(options.JudgeEvery);
            }
        });
        var asked = new Dictionary<Guid, long>();
        var random = new Random(5);
        var started = Stopwatch.GetTimestamp();
        var recorded = 0;
        var seconds = settings.Quick ? 5 : 15;
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
        {
            var writes = new List<Write>();
            var moved = new List<Guid>();
            for (var i = 0; i < AtOnce; i++)
            {
                var id = people[random.Next(customers)];
                var moves = i % 50 == 0 && !asked.ContainsKey(id);
                if (moves)
                    moved.Add(id);
                writes.Add(Write.To(CustomerValue.Of(id), _ => [Fact(now, moves ? "moves" : $"c{random.Next(40)}")]));
            }
            await store.Execute(new Request(now), writes);
            foreach (var id in moved)
                asked.TryAdd(id, Stopwatch.GetTimestamp());
            recorded += AtOnce;
            var ahead = recorded / (double)rate - Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (ahead > 0)
                await Task.Delay(TimeSpan.FromSeconds(ahead));
        }
        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await Task.Delay(TimeSpan.FromSeconds(2));
        await over.CancelAsync();
        await judging;
        await daemon.CatchUp();
        await daemon.StopAsync(default);
        var delays = await Delays(database);
        delays.Sort();
        var p99 = delays.Count == 0 ? double.NaN : delays[(int)(.99 * (delays.Count - 1))];
        rows.Add(
            new(
                $"segment live: {recorded / took:N0} facts/s, {Segments} segments, {delays.Count:N0} memberships",
                "c = 1",
                $"{recorded / took:N0}/s",
                Table.Number(delays.Count == 0 ? double.NaN : delays[delays.Count / 2]),
                Table.Number(p99),
                Goal: $"{rate:N0}/s, p99 <= 50 ms",
                Met: p99 <= 50 && recorded / took >= rate * .98
            )
        );
    }

    /// <summary>From the recording of the fact to the recording of the membership, by the database's clock.</summary>
    static async Task<List<double>> Delays(Database database)
    {
        await using var command = database.Db.CreateCommand(
            """
            select extract(epoch from m.timestamp - f.timestamp) * 1000 from mt_events m
            join lateral (select e.timestamp from mt_events e where e.type = 'page_view_noted' and e.data ->> 'category' = 'moves'
                and e.stream_id = (m.data ->> 'customerId')::uuid order by e.seq_id limit 1) f on true
            where m.type = 'rule_segment_entered' and m.data ->> 'code' = 's0'
            """
        );
        command.CommandTimeout = 600;
        var delays = new List<double>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            delays.Add((double)reader.GetDecimal(0));
        return delays;
    }

    static Condition RuleOf(int i) =>
        i == 0
            ? new(Did: new(new("page-view", "moves"), 1, Within: new(30)))
            : new(
                All:
                [
                    new(Did: new(new("page-view", $"c{i % 40}"), 40 + i, Within: new(1 + i))),
                    new(Not: new(OpenTickets: new("complaint", 1))),
                    new(Silence: new("registration", AtLeastDays: 1)),
                ]
            );

    static ICustomerEvent[] Known() =>
        [
            new LifecycleStageChanged(
                null,
                CrmPlatform.Segmentation.Lifecycle.LifecycleStage.Prospect,
                "registered",
                TimeProvider.System.GetUtcNow().AddDays(-100),
                null
            ),
        ];

    static PageViewNoted Fact(TimeProvider now, string category) => new(Guid.CreateVersion7(), category, now.GetUtcNow());
}
