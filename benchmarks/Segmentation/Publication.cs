using System.Diagnostics;
using CrmPlatform.EventSourcing;
using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.Segmentation;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Definitions;
using CrmPlatform.Segmentation.Groups;
using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Runs;
using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.SegmentationBenchmarks;

/// <summary>
/// The first run of everybody: each customer takes scores, a segment and a grade, recorded and shown. How long it takes, and how much more
/// the process holds in memory meanwhile, by the size of what the collector finds alive.
/// </summary>
static class Publication
{
    public static async Task Measure(Database database, Settings settings, List<Row> rows)
    {
        if (!settings.Wants("run publication"))
            return;
        var customers = (int)(settings.Events ?? (settings.Quick ? 50_000 : 1_000_000));
        var (now, business, options) = (TimeProvider.System, new Business(), new SegmentationOptions());
        var store = database.Store(o =>
            o.Aggregate<CustomerValue, ICustomerEvent>("customer_value")
                .Aggregate<ScoringRun, IRunEvent>("scoring_run")
                .Aggregate<NotedGroup, IGroupEvent>("customer_group")
                .Inline(new RunList())
                .Inline(new GroupsView())
                .Async(new CountedPurchases())
                .Async(new JudgedWith())
                .Async(new CustomerScores())
        );
        using var daemon = await database.Daemon(store);
        await daemon.StartAsync(default);
        var random = new Random(7);
        foreach (var some in Enumerable.Range(0, customers).Chunk(1_000))
            await store.Execute(new Request(now), [.. some.Select(_ => Write.To(CustomerValue.Of(Guid.CreateVersion7()), _ => Bought()))]);
        await daemon.CatchUp();

        var run = await new Scoring(database.Db, store, daemon, business, now).Score(
            new Request(now),
            business.DayOf(now.GetUtcNow()),
            Scoring.Decision,
            RunDefinition.Default,
            default
        );
        using var lifetime = new Stopping();
        using var publisher = new PublishRuns(
            database.Db,
            store,
            new RefreshYardsticks(database.Db, new Yardsticks(business, options.Lifecycle), options),
            business,
            options,
            now,
            lifetime
        );
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var started = Stopwatch.GetTimestamp();
        var publishing = publisher.Publish(run.Id);
        var (most, published) = (0L, TimeSpan.Zero);
        while (!publishing.IsCompleted)
        {
            await Task.WhenAny(publishing, Task.Delay(2_000));
            published = Stopwatch.GetElapsedTime(started);
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
        await publishing;
        await daemon.CatchUp();
        await daemon.StopAsync(default);
        rows.Add(
            new(
                $"run publication: {customers:N0} customers take scores, segments, grades",
                "c = 1",
                $"{published.TotalSeconds:0.0} s, {customers / published.TotalSeconds:N0}/s"
            )
        );
        rows.Add(
            new(
                "run publication: memory held beside that of before",
                "c = 1",
                $"{most / 1e6:0.0} MB",
                Goal: "<= 64 MB",
                Met: most <= 64_000_000
            )
        );

        ICustomerEvent[] Bought()
        {
            var at = now.GetUtcNow().AddDays(-400 * Math.Pow(random.NextDouble(), 2) - 1);
            var net = (long)(2_000 * Math.Exp(2 * random.NextDouble()));
            return
            [
                new PurchaseCounted(Guid.CreateVersion7(), net, at, null),
                new LifecycleStageChanged(null, LifecycleStage.New, "purchase", at, null),
            ];
        }
    }

    sealed class Stopping : Microsoft.Extensions.Hosting.IHostApplicationLifetime, IDisposable
    {
        readonly CancellationTokenSource stopping = new();

        public CancellationToken ApplicationStarted => default;
        public CancellationToken ApplicationStopping => stopping.Token;
        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => stopping.Cancel();

        public void Dispose() => stopping.Dispose();
    }
}
