using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>Replicas as real processes that are killed and suspended. Each test has its own database.</summary>
public sealed class ProcessTests : IAsyncLifetime, IDisposable
{
    /// <summary>The guarantee: after this time another process has taken over from one that is dead or suspended.</summary>
    static readonly TimeSpan takenOver = TimeSpan.FromSeconds(5);

    readonly StoreFixture fixture = new();
    EventStore store = null!;
    ProjectionDaemon daemon = null!;

    public async Task InitializeAsync()
    {
        await fixture.InitializeAsync();
        await fixture.Scalar<int>($"create table read.seen {Witness.Columns}; create table read.careless {Witness.Columns}; select 1");
        store = new(fixture.Db, Worker.Options(new Recorder("witness")), TimeProvider.System);
        // This daemon is never started: it creates the tables and asks for the status of the workers' followers.
        daemon = new(fixture.Db, store, TimeProvider.System, NullLogger<ProjectionDaemon>.Instance);
        await daemon.Prepare();
    }

    public Task DisposeAsync() => fixture.DisposeAsync();

    public void Dispose() => daemon.Dispose();

    [Fact]
    public async Task the_work_of_a_killed_process_is_taken_over_within_five_seconds()
    {
        await using var one = await WorkerProcess.Follow(fixture);
        await using var two = await WorkerProcess.Follow(fixture);
        await using var writing = WorkerProcess.Write(fixture, "seconds=10");
        await Until(async () => await SeenBy(one) + await SeenBy(two) > 100);
        var (dying, survivor) = await Holder("witness") == one.Id ? (one, two) : (two, one);
        dying.Kill();
        var killed = Stopwatch.StartNew();
        var before = await SeenBy(survivor);
        await Until(async () => await SeenBy(survivor) > before);
        killed.Elapsed.ShouldBeLessThan(takenOver);
        await writing.Ended();
        await EverythingArrived(writing.Acknowledged);
        (await Holder("counts-async")).ShouldBe(survivor.Id);
    }

    [Fact]
    public async Task a_suspended_process_loses_its_work_within_five_seconds_and_does_no_harm_later()
    {
        const int page = 50,
            delay = 50; // a page takes long enough to suspend the process in the middle of it
        string[] slowly = [$"page={page}", $"delay={delay}"];
        await using var one = await WorkerProcess.Follow(fixture, slowly);
        await using var two = await WorkerProcess.Follow(fixture, slowly);
        await Write(4 * page);
        await Until(async () => await SeenBy(one) + await SeenBy(two) > page / 4);
        var (stopped, awake) = await Holder("witness") == one.Id ? (one, two) : (two, one);
        await stopped.Signal("STOP");
        var standing = Stopwatch.StartNew();
        var stoppedIn = await fixture.Scalar<int>("select max(page) from seen where process = @Id", new { stopped.Id });
        await Until(async () => await SeenBy(awake) > 0);
        standing.Elapsed.ShouldBeLessThan(takenOver);
        await daemon.CatchUp();
        var done = await SeenBy(stopped);

        await stopped.Signal("CONT");
        await Until(async () => await SeenBy(stopped) > done); // it goes on with its page: delivery is at least once
        await Task.Delay(TimeSpan.FromMilliseconds(page * delay + 3_000));
        (await fixture.Scalar<int>("select max(page) from seen where process = @Id", new { stopped.Id })).ShouldBe(
            stoppedIn,
            "it begins no new page without its lease"
        );
        (await Holder("witness")).ShouldBe(awake.Id);
        (await daemon.Status()).ShouldAllBe(f => f.LagEvents == 0 && f.State == "running");

        awake.Kill();
        await Write(page / 2);
        await EverythingArrived([]);
        (await Holder("witness")).ShouldBe(stopped.Id, "after it has resumed, it is a normal replica again");
    }

    [Fact]
    public async Task three_followers_and_two_writers_see_every_event_once_and_in_order()
    {
        var seconds = Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1" ? 60 : 5;
        await using var one = await WorkerProcess.Follow(fixture);
        await using var two = await WorkerProcess.Follow(fixture);
        await using var three = await WorkerProcess.Follow(fixture);
        await using var first = WorkerProcess.Write(fixture, "seed=1", $"seconds={seconds}");
        await using var second = WorkerProcess.Write(fixture, "seed=2", $"seconds={seconds}");
        await first.Ended();
        await second.Ended();
        await EverythingArrived([.. first.Acknowledged, .. second.Acknowledged]);
        (await fixture.Scalar<long>("select max(seq_id) - count(*) from mt_events")).ShouldBeGreaterThan(
            0,
            "some transactions were rolled back"
        );
    }

    [Fact]
    public async Task a_reader_that_does_not_wait_at_gaps_loses_events()
    {
        await using var careful = await WorkerProcess.Follow(fixture);
        await using var careless = await WorkerProcess.Follow(fixture, "gaps=ignored", "table=careless");
        // On a busy machine this reader may read so late that it meets no gap: then more is written.
        for (var (round, lost) = (1, 0L); lost == 0; round++)
        {
            round.ShouldBeLessThan(8, "the checks of these tests must be able to see a loss");
            await using var writing = WorkerProcess.Write(fixture, "slow=300", "seconds=5", $"seed={round}");
            await writing.Ended();
            await EverythingArrived(writing.Acknowledged);
            await Until(async () =>
                await fixture.Scalar<bool>("select (select max(sequence) from careless) = (select max(seq_id) from mt_events)")
            );
            lost = await Unseen("careless");
        }
    }

    async Task EverythingArrived(IReadOnlyCollection<string> acknowledged)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await daemon.CatchUp(patience.Token);
        (await Unseen("seen")).ShouldBe(0);
        (
            await fixture.Scalar<long>(
                """
                select count(*) from (
                    select sequence, lag(sequence) over (order by n) as previous
                    from (select sequence, min(n) as n from seen group by 1) firsts) s
                where sequence < previous
                """
            )
        ).ShouldBe(0, "the first deliveries are in order");
        foreach (var counts in new[] { "counts_inline", "counts_async" })
            (
                await fixture.Scalar<long>(
                    $"""
                    select count(*) from {counts} c
                    full join (select stream_id, count(*) as n from mt_events where type = 'item_added' group by 1) e on e.stream_id = c.id
                    where c.events is distinct from e.n
                    """
                )
            ).ShouldBe(0, counts);
        (
            await fixture.Scalar<long>(
                "select count(*) from unnest(@commands) c where not exists (select 1 from mt_events where data ->> 'item' = c)",
                new { commands = acknowledged.ToArray() }
            )
        ).ShouldBe(0, "all acknowledged commands are in the log");
    }

    Task<long> Unseen(string table) =>
        fixture.Scalar<long>($"select count(*) from mt_events e where not exists (select 1 from {table} where sequence = e.seq_id)");

    Task<long> SeenBy(WorkerProcess worker) => fixture.Scalar<long>("select count(*) from seen where process = @Id", new { worker.Id });

    /// <summary>The id of the process that runs a follower, from the name of its session; 0 for none.</summary>
    async Task<int> Holder(string follower) =>
        (await daemon.Status()).Single(f => f.Name == follower).Holder is { } holder
            ? int.Parse(holder.Split(' ')[0]["worker-".Length..], CultureInfo.InvariantCulture)
            : 0;

    async Task Write(int events)
    {
        for (var i = 0; i < events; i++)
            await store.Write(Basket.Of(new Guid(i % 7, 0, 0, new byte[8])), b => b.Add());
    }

    static async Task Until(Func<Task<bool>> condition)
    {
        for (var patience = Stopwatch.StartNew(); !await condition(); await Task.Delay(20))
            patience.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }
}
