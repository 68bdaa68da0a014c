using System.Diagnostics;
using System.Globalization;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit.Abstractions;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// kill -9 of PostgreSQL and of real processes in the middle of everything. <c>CRM_CRASH_SEED</c> draws again what was drawn in a run that
/// failed; <c>CRM_CRASH_ROUNDS</c>: so many kills.
/// </summary>
[Collection(nameof(Alone))]
public sealed class CrashTests(CrashServer server, ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    const int WritersInAProcess = 8;
    const Victim Processes = Victim.Writing | Victim.Following | Victim.Rebuilding;

    /// <summary>Views and subscriptions are in the middle of a page most of the time.</summary>
    const string Pages = "pause=20";

    static readonly bool longer = Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";
    static readonly TimeSpan patienceAtMost = TimeSpan.FromSeconds(60);

    /// <summary>Each is drawn once before the next time: seven rounds take about half a minute on two cores.</summary>
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

    /// <summary>Every command leaves its number in its facts, and its message, which is made of the number, in the inbox.</summary>
    static readonly string facts = $"""
        (select stream_id, number, (lpad(to_hex(number), 8, '0') || '-0000-0000-0000-000000000000')::uuid as message
         from (select stream_id, coalesce(data ->> 'item', data ->> 'number')::int as number from mt_events) e where number > {NumberedCommand.First}) f
        """;

    static readonly (string What, string Sql)[] questions =
    [
        (
            "streams with a gap",
            """
            select count(*) from mt_streams s full join (select stream_id, count(*) as n, min(version) as low, max(version) as high from mt_events group by 1) e on e.stream_id = s.id
            where (e.n, e.low, e.high) is distinct from (s.version, 1, s.version)
            """
        ),
        ("messages without facts", $"select count(*) from inbox where message_id not in (select message from {facts})"),
        ("rows of the inline view", Differing("counts_inline", "true")),
        (
            "rows of the async view",
            Differing("counts_async", "seq_id <= (select last_seq_id from mt_event_progression where name = 'counts-async')")
        ),
        (
            "events that the subscription has passed unseen",
            "select count(*) from mt_events where seq_id <= (select last_seq_id from mt_event_progression where name = 'witness') and seq_id not in (select sequence from read.seen)"
        ),
        (
            "events that were seen first after a later one",
            "select count(*) from (select sequence, lag(sequence) over (order by n) as previous from (select sequence, min(n) as n from read.seen group by 1) firsts) s where sequence < previous"
        ),
        ("events that were seen and are not there", "select count(*) from read.seen where sequence not in (select seq_id from mt_events)"),
        (
            "views that are gone",
            "select 2 - count(*) from pg_tables where schemaname = 'read' and tablename in ('counts_inline', 'counts_async')"
        ),
    ];

    readonly StoreFixture fixture = new() { Server = server.Postgres };
    readonly List<WorkerProcess> wrote = [];
    EventStore store = null!;
    ProjectionDaemon daemon = null!;

    /// <summary>What a round kills, all at the same moment. A backend that is killed takes the others with it.</summary>
    [Flags]
    enum Victim
    {
        Backend = 1,
        Postgres = 2,
        Writing = 4,
        Following = 8,
        Rebuilding = 16,
    }

    public async Task InitializeAsync()
    {
        await fixture.InitializeAsync();
        await fixture.Scalar<int>($"create table read.seen {Witness.Columns}; select 1");
        store = new(fixture.Db, Worker.Options(new Recorder("witness")), TimeProvider.System);
        // Never started: it makes the tables, and asks how far the processes are.
        daemon = new(fixture.Db, store, TimeProvider.System, NullLogger<ProjectionDaemon>.Instance);
        await daemon.Prepare();
    }

    /// <summary>The database goes with its server.</summary>
    public async Task DisposeAsync()
    {
        foreach (var process in wrote)
            await process.DisposeAsync();
        await fixture.Db.DisposeAsync();
    }

    public void Dispose() => daemon.Dispose();

    [Fact]
    public async Task whatever_is_killed_nothing_acknowledged_is_lost_nothing_is_doubled_and_the_views_equal_a_rebuild()
    {
        var (seed, rounds) = (
            Setting("CRM_CRASH_SEED", Random.Shared.Next(1_000_000)),
            Setting("CRM_CRASH_ROUNDS", (longer ? 15 : 3) * deck.Length)
        );
        var (random, left, started) = (new Random(seed), new Queue<Victim>(), Stopwatch.GetTimestamp());
        var running = new Dictionary<Victim, WorkerProcess>();
        try
        {
            await Start(Processes, running);
            for (var round = 1; round <= rounds; round++)
            {
                if (left.Count == 0)
                    left = Shuffled(random);
                var (victim, begun) = (left.Dequeue(), Stopwatch.GetTimestamp());
                await Task.Delay(random.Next(100, longer ? 2_000 : 500));
                if (random.Next(2) == 0 || victim.HasFlag(Victim.Rebuilding))
                    await Until(() => Ask<bool>("select exists (select 1 from pg_tables where schemaname = 'rebuild')"));
                await Kill(victim, running, random);
                await Task.WhenAll(
                    victim.HasFlag(Victim.Postgres) ? CrashServer.Up() : Task.CompletedTask,
                    Start(victim & Processes, running)
                );
                await GoesOn(running);
                await NothingIsWrong($"seed {seed}, round {round}: {victim}");
                output.WriteLine(
                    $"seed {seed}, round {round}: {victim}, {Acknowledged().Count} commands, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s"
                );
            }
            await Kill(Victim.Writing | Victim.Rebuilding, running, random);
            var unknown = ToSendAgain();
            await Write(seconds: 0).Ended();
            unknown.Except(Acknowledged()).ShouldBeEmpty("whoever sends a message again learns what became of it");
            await daemon.CatchUp(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
        }
        finally
        {
            foreach (var process in running.Values)
                await process.DisposeAsync();
        }
        await NothingIsWrong($"seed {seed}, at the end");
        foreach (var (name, table) in new[] { ("counts-inline", "counts_inline"), ("counts-async", "counts_async") })
        {
            var rows = $"select string_agg(c::text, ' ' order by id) from read.{table} c";
            var before = await Ask<string>(rows);
            await daemon.Rebuild(name);
            (await Ask<string>(rows)).ShouldBe(before, name);
        }
        (await Ask<long>("select count(*) from pg_tables where schemaname = 'rebuild'")).ShouldBe(
            0,
            "the next rebuild clears away what a killed one has left"
        );
        (await Ask<long>("select count(*) from follower_stuck")).ShouldBe(0);
        output.WriteLine(
            $"seed {seed}: {rounds} rounds, {Acknowledged().Count} commands, {await Ask<long>("select count(*) from mt_events")} events, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"
        );
    }

    [Fact]
    public async Task what_is_acknowledged_before_it_is_on_the_disk_is_lost_and_the_same_look_sees_it()
    {
        await using (var admin = new NpgsqlConnection(server.Postgres))
        {
            // Whoever does not wait for the disk relies on the WAL writer to come by: it does not.
            await CrashServer.Signal(
                "STOP",
                await admin.ExecuteScalarAsync<int>("select pid from pg_stat_activity where backend_type = 'walwriter'")
            );
        }
        await using (var writing = Write(commit: "off"))
        {
            await Until(() => Task.FromResult(writing.Acknowledged.Count > 500));
            await CrashServer.Kill();
        }
        await CrashServer.Up();
        var (lost, wrong) = await Look();
        output.WriteLine($"{lost.Count} of {Acknowledged().Count} commands are lost");
        lost.ShouldNotBeEmpty();
        wrong.ShouldBeEmpty("what a crash takes back, it takes back as a whole");
    }

    static string Differing(string view, string until) =>
        $"""
            select count(*) from read.{view} c
            full join (select stream_id, sum((data ->> 'quantity')::int) as items, count(*) as events from mt_events where type = 'item_added' and {until} group by 1) e on e.stream_id = c.id
            where (c.items, c.events) is distinct from (e.items, e.events)
            """;

    static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    static Queue<Victim> Shuffled(Random random)
    {
        Victim[] cards = [.. deck];
        random.Shuffle(cards);
        return new(cards);
    }

    async Task Start(Victim which, Dictionary<Victim, WorkerProcess> running)
    {
        if (which.HasFlag(Victim.Writing))
            running[Victim.Writing] = Write();
        if (which.HasFlag(Victim.Following))
            running[Victim.Following] = await WorkerProcess.Follow(fixture, Pages);
        if (which.HasFlag(Victim.Rebuilding))
            running[Victim.Rebuilding] = await WorkerProcess.Rebuild(fixture, Pages);
    }

    /// <summary>A process that begins with the messages whose outcome nobody knows, and with some that were executed already.</summary>
    WorkerProcess Write(int seconds = 3_600, string commit = "on")
    {
        var again = string.Join(
            ',',
            ToSendAgain().Concat(Acknowledged().Where(n => new NumberedCommand(n).Message is not null).TakeLast(20))
        );
        wrote.Add(
            WorkerProcess.Write(
                fixture,
                $"seconds={seconds}",
                $"commit={commit}",
                $"writers={WritersInAProcess}",
                $"seed={wrote.Count + 1}",
                $"again={again}"
            )
        );
        return wrote[^1];
    }

    async Task Kill(Victim victim, Dictionary<Victim, WorkerProcess> running, Random random)
    {
        if (victim == Victim.Backend)
        {
            await using var bystander = await fixture.Db.OpenConnectionAsync();
            var backends = (
                await bystander.QueryAsync<int>("select pid from pg_stat_activity where application_name like 'worker-%' order by 1")
            ).ToArray();
            await CrashServer.Signal("KILL", backends[random.Next(backends.Length)]);
            await Until(async () =>
            {
                try
                {
                    return await bystander.ExecuteScalarAsync<int>("select 1") == 0;
                }
                catch (NpgsqlException)
                {
                    return true;
                }
            });
        }
        var postgres = victim.HasFlag(Victim.Postgres) ? CrashServer.Kill() : Task.CompletedTask;
        foreach (var (which, process) in running)
        {
            process.Runs.ShouldBeTrue($"{which} ended by itself");
            if (victim.HasFlag(which))
                process.Kill();
        }
        foreach (var (which, process) in running)
            if (victim.HasFlag(which))
                await process.DisposeAsync();
        await postgres;
    }

    /// <summary>Returns when new commands were acknowledged, and both followers have come as far as the log is now.</summary>
    async Task GoesOn(Dictionary<Victim, WorkerProcess> running)
    {
        var (head, before) = (
            await Ask<long>("select coalesce(max(seq_id), 0) from mt_events"),
            running[Victim.Writing].Acknowledged.Count
        );
        await Until(() => Task.FromResult(running[Victim.Writing].Acknowledged.Count > before));
        await Until(() =>
            Ask<bool>($"select min(last_seq_id) >= {head} from mt_event_progression where name in ('counts-async', 'witness')")
        );
    }

    async Task NothingIsWrong(string when)
    {
        var (lost, wrong) = await Look();
        lost.ShouldBeEmpty($"acknowledged and lost; {when}");
        wrong.ShouldBeEmpty(when);
    }

    /// <summary>
    /// What is missing of all that was acknowledged until now, and what is wrong. Each question is one statement, so everything goes on
    /// meanwhile.
    /// </summary>
    async Task<(List<int> Lost, List<string> Wrong)> Look()
    {
        var (acknowledged, wrong) = (Acknowledged(), new List<string>());
        var executed = await Patiently(db =>
            db.QueryAsync<(int Number, Guid[] Streams, bool InInbox)>(
                $"select number, array_agg(stream_id), exists (select 1 from inbox where message_id = message) from {facts} group by number, message"
            )
        );
        foreach (var (number, streams, inInbox) in executed)
        {
            var command = new NumberedCommand(number);
            if (!streams.Order().SequenceEqual(command.Streams.Order()))
                wrong.Add($"command {number} is not there once and whole");
            if (inInbox != command.Message is not null)
                wrong.Add($"command {number} is {(inInbox ? "" : "not ")}in the inbox");
        }
        foreach (var (what, sql) in questions)
            if (await Ask<long>(sql) is not 0 and var count)
                wrong.Add($"{what}: {count}");
        return ([.. acknowledged.Except(executed.Select(e => e.Number))], wrong);
    }

    HashSet<int> Acknowledged() => [.. wrote.SelectMany(w => w.Acknowledged).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];

    /// <summary>
    /// Messages that were sent, as far as anybody can know, and not acknowledged: each writer of a process has one under way at most.
    /// </summary>
    List<int> ToSendAgain()
    {
        var acknowledged = Acknowledged();
        var processes = Enumerable
            .Range(1, wrote.Count)
            .Select(seed => seed * NumberedCommand.First)
            .Concat(acknowledged)
            .GroupBy(n => n / NumberedCommand.First * NumberedCommand.First);
        return
        [
            .. processes
                .SelectMany(sent => Enumerable.Range(sent.Key + 1, sent.Max() - sent.Key + WritersInAProcess))
                .Except(acknowledged)
                .Where(n => new NumberedCommand(n).Message is not null),
        ];
    }

    Task<T> Ask<T>(string sql) => Patiently(async db => (await db.ExecuteScalarAsync<T>(sql))!);

    /// <summary>The test's own questions wait until the database is back.</summary>
    async Task<T> Patiently<T>(Func<NpgsqlConnection, Task<T>> question)
    {
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(20))
            try
            {
                await using var connection = await fixture.Db.OpenConnectionAsync();
                return await question(connection);
            }
            catch (NpgsqlException e) when (e is not PostgresException { InvariantSeverity: "ERROR" } && patience.Elapsed < patienceAtMost)
            { }
    }

    static async Task Until(Func<Task<bool>> condition)
    {
        for (var patience = Stopwatch.StartNew(); !await condition(); await Task.Delay(20))
            patience.Elapsed.ShouldBeLessThan(patienceAtMost);
    }

    /// <summary>It takes both cores and kills: nothing else runs meanwhile.</summary>
    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone : ICollectionFixture<CrashServer>;
}
