using System.Diagnostics;
using System.Globalization;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit.Abstractions;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// kill -9 of PostgreSQL and of worker processes while they write, follow and rebuild. <c>CRM_CRASH_SEED</c> repeats the random choices of
/// a failed run; <c>CRM_CRASH_ROUNDS</c> sets the number of kills.
/// </summary>
[Collection(nameof(Alone))]
public sealed class CrashTests : IAsyncLifetime, IDisposable
{
    const Victim Processes = Victim.Writing | Victim.Following | Victim.Rebuilding;

    static readonly bool longer = Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";

    /// <summary>Each is killed once, in random order, before the next pass; a pass takes about half a minute on two cores.</summary>
    static readonly Victim[] deck =
    [
        Victim.Backend,
        Victim.Postgres,
        Victim.Writing,
        Victim.Following,
        Victim.Rebuilding,
        Victim.Postgres | Victim.Writing,
        Victim.Postgres | Processes,
    ];

    readonly CrashServer server;
    readonly ITestOutputHelper output;
    readonly StoreFixture fixture;
    readonly CrashCheck check;
    readonly CrashWorkers workers;
    EventStore store = null!;
    ProjectionDaemon daemon = null!;

    public CrashTests(CrashServer server, ITestOutputHelper output)
    {
        (this.server, this.output) = (server, output);
        fixture = new() { Server = server.Postgres };
        check = new(fixture);
        workers = new(fixture, check);
    }

    public async Task InitializeAsync()
    {
        await fixture.InitializeAsync();
        await fixture.Scalar<int>($"create table read.seen {Witness.Columns}; select 1");
        store = new(fixture.Db, Worker.Options(new Recorder("witness")), TimeProvider.System);
        // This daemon is never started: it creates the tables and asks for the status of the workers' followers.
        daemon = new(fixture.Db, store, TimeProvider.System, NullLogger<ProjectionDaemon>.Instance);
        await daemon.Prepare();
    }

    /// <summary>The database is removed together with its server.</summary>
    public async Task DisposeAsync()
    {
        await workers.DisposeAsync();
        foreach (var process in check.Wrote)
            await process.DisposeAsync();
        await fixture.Db.DisposeAsync();
    }

    public void Dispose() => daemon.Dispose();

    [Fact]
    public async Task whatever_is_killed_no_acknowledged_write_is_lost_or_doubled()
    {
        var (seed, rounds) = (
            Setting("CRM_CRASH_SEED", Random.Shared.Next(1_000_000)),
            Setting("CRM_CRASH_ROUNDS", (longer ? 15 : 3) * deck.Length)
        );
        var (random, left, started) = (new Random(seed), new Queue<Victim>(), Stopwatch.GetTimestamp());
        try
        {
            await workers.Start(Processes);
            for (var round = 1; round <= rounds; round++)
            {
                if (left.Count == 0)
                    left = Shuffled(random);
                var (victim, begun) = (left.Dequeue(), Stopwatch.GetTimestamp());
                await Task.Delay(random.Next(100, longer ? 2_000 : 500));
                if (random.Next(2) == 0 || victim.HasFlag(Victim.Rebuilding))
                    await CrashCheck.Until(() => check.Ask<bool>("select exists (select 1 from pg_tables where schemaname = 'rebuild')"));
                await workers.Kill(victim, random);
                await Task.WhenAll(
                    victim.HasFlag(Victim.Postgres) ? CrashServer.Up() : Task.CompletedTask,
                    workers.Start(victim & Processes)
                );
                await GoesOn();
                await NothingIsWrong($"seed {seed}, round {round}: {victim}");
                output.WriteLine(
                    $"seed {seed}, round {round}: {victim}, {check.Acknowledged().Count} commands, "
                        + $"{Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s"
                );
            }
            await workers.Kill(Victim.Writing | Victim.Rebuilding, random);
            var unknown = check.ToSendAgain();
            await workers.Write(seconds: 0).Ended();
            unknown.Except(check.Acknowledged()).ShouldBeEmpty("a message whose outcome is unknown is acknowledged when it is sent again");
            await daemon.CatchUp(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
        }
        finally
        {
            await workers.DisposeAsync();
        }
        await NothingIsWrong($"seed {seed}, at the end");
        foreach (var (name, table) in new[] { ("counts-inline", "counts_inline"), ("counts-async", "counts_async") })
        {
            var rows = $"select string_agg(c::text, ' ' order by id) from read.{table} c";
            var before = await check.Ask<string>(rows);
            await daemon.Rebuild(name);
            (await check.Ask<string>(rows)).ShouldBe(before, name);
        }
        (await check.Ask<long>("select count(*) from pg_tables where schemaname = 'rebuild'")).ShouldBe(
            0,
            "a rebuild drops the tables that a killed one has left"
        );
        (await check.Ask<long>("select count(*) from follower_stuck")).ShouldBe(0);
        output.WriteLine(
            $"seed {seed}: {rounds} rounds, {check.Acknowledged().Count} commands, "
                + $"{await check.Ask<long>("select count(*) from mt_events")} events, "
                + $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"
        );
    }

    [Fact]
    public async Task the_crash_check_finds_writes_acknowledged_before_they_are_on_disk()
    {
        await using (var admin = new NpgsqlConnection(server.Postgres))
        {
            // A commit that does not wait for the disk is flushed later by the WAL writer, which is suspended here.
            await CrashServer.Signal(
                "STOP",
                await admin.ExecuteScalarAsync<int>("select pid from pg_stat_activity where backend_type = 'walwriter'")
            );
        }
        await using (var writing = workers.Write(commit: "off"))
        {
            await CrashCheck.Until(() => Task.FromResult(writing.Acknowledged.Count > 500));
            await CrashServer.Kill();
        }
        await CrashServer.Up();
        var (lost, wrong) = await check.Look();
        output.WriteLine($"{lost.Count} of {check.Acknowledged().Count} commands are lost");
        lost.ShouldNotBeEmpty();
        wrong.ShouldBeEmpty("each lost transaction is lost as a whole");
    }

    static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    static Queue<Victim> Shuffled(Random random)
    {
        Victim[] cards = [.. deck];
        random.Shuffle(cards);
        return new(cards);
    }

    /// <summary>Waits until new commands are acknowledged and both followers have reached the present end of the log.</summary>
    async Task GoesOn()
    {
        var (head, before) = (await check.Ask<long>("select coalesce(max(seq_id), 0) from mt_events"), workers.Writing.Acknowledged.Count);
        await CrashCheck.Until(() => Task.FromResult(workers.Writing.Acknowledged.Count > before));
        await CrashCheck.Until(() =>
            check.Ask<bool>($"select min(last_seq_id) >= {head} from mt_event_progression where name in ('counts-async', 'witness')")
        );
    }

    async Task NothingIsWrong(string when)
    {
        var (lost, wrong) = await check.Look();
        lost.ShouldBeEmpty($"acknowledged but lost; {when}");
        wrong.ShouldBeEmpty(when);
    }

    /// <summary>No other test runs at the same time: it uses all cores and kills processes.</summary>
    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone : ICollectionFixture<CrashServer>;
}
