using System.Collections.Concurrent;
using System.Globalization;
using Dapper;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// Random lives of a log: three processes that write and follow, conflicts, messages that come again, transactions that hold or burn numbers, processes that are cut off from
/// the database in the middle of whatever they do, and others that take over. Whatever happens, the log must be a serial history of what was acknowledged,
/// every decision one on the very state before it, and followers must see all of it, in order. A failure prints the shortest plan and its seed; <c>CRM_SIMULATION_SEED=seed,gamma</c> runs it again.
/// </summary>
public sealed class SimulationTests
{
    const int Processes = 3, Streams = 3;

    /// <param name="Streams">One is a <c>WriteToAggregate</c>, more are a <c>WriteToAggregates</c>.</param>
    /// <param name="AtMost">The rule that the decision keeps: no more items than this.</param>
    /// <param name="Expected">Version that the caller believes in: none, right (0), or off by so many.</param>
    /// <param name="Message">The message that it answers; few, so that they repeat.</param>
    sealed record Order(int Process, int[] Streams, int Quantity, int AtMost, int? Expected, int? Message, bool RefusalsAsResults)
    {
        public override string ToString() => $"p{Process} adds {Quantity} to {string.Join('+', Streams)} (≤ {AtMost}{(Expected is { } x ? $", expects {x:+0;-0;right}" : "")}{(Message is { } m ? $", message {m}" : "")}{(RefusalsAsResults ? ", refusals as results" : "")})";
    }

    abstract record Step
    {
        public sealed record Write(Order[] AtOnce, int? Crashes, int After) : Step
        {
            public override string ToString() => string.Join(" | ", AtOnce.AsEnumerable()) + (Crashes is { } p ? $", p{p} crashes after {After / 10.0} ms" : "");
        }
        public sealed record Follow(int Process) : Step;
        public sealed record Crash(int Process) : Step;
        public sealed record Rebuild(int Process, bool Inline) : Step;
        public sealed record Hold : Step;
        public sealed record Release(bool Commit) : Step;
    }

    sealed record Plan(Step[] Steps)
    {
        public override string ToString() => string.Concat(Steps.Select((s, i) => $"\n  {i + 1}. {s}"));
    }

    static readonly Gen<Order> orders =
        from process in Gen.Choose(0, Processes - 1)
        from streams in Gen.Frequency((5, Gen.Choose(0, Streams - 1).Select(s => new[] { s })), (2, Gen.SubListOf(Enumerable.Range(0, Streams)).Where(s => s.Count > 0).Select(s => s.ToArray())))
        from quantity in Gen.Choose(0, 3)
        from atMost in Gen.Frequency((3, Gen.Constant(int.MaxValue)), (2, Gen.Choose(1, 25)))
        from expected in Gen.Frequency((4, Gen.Constant<int?>(null)), (1, Gen.Constant<int?>(0)), (1, Gen.Choose(-2, 2).Select(x => (int?)x)))
        from message in Gen.Frequency((2, Gen.Constant<int?>(null)), (1, Gen.Choose(0, 9).Select(m => (int?)m)))
        from asResults in Gen.Elements(false, true)
        select new Order(process, streams, quantity, atMost, streams.Length == 1 ? expected : null, message, streams.Length > 1 && asResults);

    static readonly Gen<Step> steps = Gen.Frequency<Step>(
        (8, from many in Gen.Choose(1, 12) from atOnce in orders.ArrayOf(many) select (Step)new Step.Write(atOnce, null, 0)),
        (3, from atOnce in orders.ArrayOf(12) from process in Gen.Choose(0, Processes - 1) from after in Gen.Choose(0, 60) select (Step)new Step.Write(atOnce, process, after)),
        (3, Gen.Choose(0, Processes - 1).Select(p => (Step)new Step.Follow(p))),
        (2, Gen.Choose(0, Processes - 1).Select(p => (Step)new Step.Crash(p))),
        (1, from process in Gen.Choose(0, Processes - 1) from inline in Gen.Elements(false, true) select (Step)new Step.Rebuild(process, inline)),
        (2, Gen.Constant<Step>(new Step.Hold())),
        (2, Gen.Elements(false, true).Select(c => (Step)new Step.Release(c))));

    [Fact]
    public void whatever_happens_the_log_is_a_serial_history_and_followers_see_all_of_it_in_order()
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1" ? 200 : 12).WithStartSize(15).WithEndSize(30);
        if (Environment.GetEnvironmentVariable("CRM_SIMULATION_SEED")?.Split(',') is [var seed, var gamma]) config = config.WithReplay(ulong.Parse(seed, CultureInfo.InvariantCulture), ulong.Parse(gamma, CultureInfo.InvariantCulture));
        var attempts = 50; // to find a shorter plan that fails
        var plans = Arb.From(steps.ArrayOf().Select(s => new Plan(s)), plan => Enumerable.Range(0, plan.Steps.Length).Reverse().TakeWhile(_ => attempts-- > 0).Select(i => new Plan([.. plan.Steps.Take(i), .. plan.Steps.Skip(i + 1)])));
        Prop.ForAll(plans, plan => World.Live(plan).GetAwaiter().GetResult()).Check(config);
    }

    /// <summary>One plan on a database of its own.</summary>
    sealed class World : IAsyncDisposable
    {
        readonly StoreFixture fixture = new();
        readonly Process[] processes = new Process[Processes];
        readonly Guid[] streams = [.. Enumerable.Range(0, Streams).Select(_ => Guid.CreateVersion7())];
        readonly Guid[] messages = [.. Enumerable.Range(0, 10).Select(_ => Guid.CreateVersion7())];
        readonly ConcurrentQueue<RecordedEvent> seen = new();
        readonly List<NpgsqlConnection> held = [];
        readonly ConcurrentBag<(string Command, Order Order, object Outcome)> outcomes = [];
        int commands;

        public static async Task Live(Plan plan)
        {
            File.AppendAllText("/tmp/sim.log", "BEGIN\n");
            await using var world = new World();
            await world.fixture.InitializeAsync();
            for (var p = 0; p < Processes; p++) await world.Start(p, follows: p == 0);
            foreach (var step in plan.Steps) { File.AppendAllText("/tmp/sim.log", $"{System.Diagnostics.Stopwatch.GetTimestamp() / 1000000 % 1000000} {step}\n"); await world.Do(step); }
            File.AppendAllText("/tmp/sim.log", $"{System.Diagnostics.Stopwatch.GetTimestamp() / 1000000 % 1000000} check\n");
            await world.Check();
            File.AppendAllText("/tmp/sim.log", $"{System.Diagnostics.Stopwatch.GetTimestamp() / 1000000 % 1000000} done\n");
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var connection in held) await connection.DisposeAsync();
            foreach (var process in processes) if (process is not null) await process.DisposeAsync();
            await fixture.DisposeAsync();
        }

        async Task Do(Step step)
        {
            switch (step)
            {
                case Step.Write w:
                    var writing = Task.WhenAll(w.AtOnce.Select(order => Task.Run(() => Execute(order))));
                    if (w.Crashes is { } dying)
                    {
                        await Task.Delay(TimeSpan.FromMilliseconds(w.After / 10.0));
                        await Crash(dying);
                    }
                    await writing;
                    break;
                case Step.Follow f when processes[f.Process].Daemon is null: await Start(f.Process, follows: true); break;
                case Step.Crash c: await Crash(c.Process); break;
                case Step.Rebuild { Process: var p, Inline: var inline } when processes[p].Daemon is { } daemon: await daemon.Rebuild(inline ? "inline" : "async"); break;
                case Step.Hold: held.Add(await Hold()); break;
                case Step.Release r when held.Count > 0:
                    await held[0].ExecuteAsync(r.Commit ? "commit" : "rollback");
                    await held[0].DisposeAsync();
                    held.RemoveAt(0);
                    break;
            }
        }

        /// <summary>One command. Cut off, nobody knows what became of it: a message is sent again, through another process, until there is an answer.</summary>
        async Task Execute(Order order)
        {
            var command = $"c{Interlocked.Increment(ref commands)}";
            Guid? once = order.Message is { } m ? messages[m] : null;
            var known = order.Expected is { } off ? await fixture.Scalar<long>("select coalesce(max(version), 0) + @off from mt_events where stream_id = @id", new { off, id = streams[order.Streams[0]] }) : (long?)null;
            for (var process = order.Process; ; process++)
                try
                {
                    var store = processes[process % Processes].Store;
                    outcomes.Add((command, order, order.Streams.Length == 1
                        ? new[] { await store.WriteToAggregate(streams[order.Streams[0]], (Basket b) => Decide(b), known is < 0 ? 0 : known, once) }
                        : await store.WriteToAggregates([.. order.Streams.Select(s => Write.To(streams[s], (Basket b) => Decide(b), once))], order.RefusalsAsResults)));
                    return;
                }
                catch (Exception e) when (e is RuleViolationException or StaleVersionException)
                {
                    outcomes.Add((command, order, e));
                    return;
                }
                catch (Exception e) when (e is NpgsqlException or ObjectDisposedException or InvalidOperationException or IOException or OperationCanceledException)
                {
                    if (once is null)
                    {
                        outcomes.Add((command, order, "unknown"));
                        return;
                    }
                    await Task.Delay(5);
                }

            // The fact says on what state it was decided, and by whom.
            IBasketEvent[] Decide(Basket b) => b.Items + order.Quantity > order.AtMost ? throw new RuleViolationException("basket-full", "no more room")
                : [.. Enumerable.Range(0, order.Quantity).Select(i => new ItemAdded(command, 1, Note: $"{b.Items + i}"))];
        }

        async Task Start(int p, bool follows)
        {
            if (processes[p] is { } old) await old.DisposeAsync();
            processes[p] = await Process.Start(fixture.Database.App, p, seen, follows);
        }

        /// <summary>Its sessions end, wherever they are, and nothing of its memory is left.</summary>
        async Task Crash(int p)
        {
            await using (var admin = new NpgsqlConnection(fixture.Database.Admin))
                await admin.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name = @name", new { processes[p].Name });
            await Start(p, follows: false);
        }

        async Task<NpgsqlConnection> Hold()
        {
            var connection = new NpgsqlConnection(fixture.Database.App);
            await connection.OpenAsync();
            await connection.ExecuteAsync("begin; insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp) values (nextval('mt_events_sequence'), gen_random_uuid(), gen_random_uuid(), 1, '{\"number\": 1}', 'noted', now())");
            return connection;
        }

        async Task Check()
        {
            while (held.Count > 0) await Do(new Step.Release(Commit: true));
            await Start(0, follows: true);
            await processes[0].Daemon!.CatchUp(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);

            var log = new List<(long Sequence, Guid Stream, long Version, ItemAdded Fact)>();
            foreach (var id in streams)
            {
                var items = 0;
                foreach (var e in await processes[0].Store.FetchStream(id))
                {
                    e.Version.ShouldBe(log.Count(l => l.Stream == id) + 1, "versions have no gap");
                    var fact = (ItemAdded)e.Data;
                    fact.Note.ShouldBe($"{items}", $"{fact.Item} was decided on the state before it");
                    items += fact.Quantity;
                    log.Add((e.Sequence, id, e.Version, fact));
                }
            }

            foreach (var (command, order, outcome) in outcomes)
            {
                var facts = log.FindAll(l => l.Fact.Item == command);
                switch (outcome)
                {
                    case Exception: facts.ShouldBeEmpty($"{command} was refused: {order}"); break;
                    case "unknown": facts.Count.ShouldBeOneOf(0, order.Quantity * order.Streams.Length); break;
                    case IReadOnlyList<WriteResult> results:
                        // Sent again after it was cut off, a command may find its own facts there: then it is a duplicate of itself.
                        foreach (var (result, stream) in results.Zip(order.Streams))
                        {
                            var there = facts.FindAll(f => f.Stream == streams[stream]);
                            if (result.Refused is not null) there.ShouldBeEmpty($"{command} was refused: {order}");
                            else if (!result.Duplicate) there.Select(f => f.Version).ShouldBe(Enumerable.Range(0, order.Quantity).Select(i => result.Version - order.Quantity + 1 + i), $"{command} was acknowledged: {order}");
                        }
                        break;
                }
            }
            foreach (var message in outcomes.Where(o => o.Order.Message is not null).GroupBy(o => o.Order.Message))
                message.Select(o => o.Command).Count(command => log.Exists(l => l.Fact.Item == command)).ShouldBeLessThanOrEqualTo(1, $"message {message.Key} was executed once");

            await using var connection = await fixture.Db.OpenConnectionAsync();
            var all = (await connection.QueryAsync<long>("select seq_id from mt_events order by 1")).AsList();
            seen.Select(e => e.Sequence).Distinct().ShouldBe(all, "where they were seen first, events came in order, and all of them");
            foreach (var table in new[] { "counts_inline", "counts_async" })
                foreach (var id in streams)
                    (await fixture.Scalar<int>($"select coalesce((select items from {table} where id = @id), 0)", new { id })).ShouldBe(log.Where(l => l.Stream == id).Sum(l => l.Fact.Quantity), table);
        }
    }

    sealed class Process : IAsyncDisposable, ISubscription
    {
        readonly NpgsqlDataSource db;
        readonly ConcurrentQueue<RecordedEvent> seen;

        Process(string database, int number, ConcurrentQueue<RecordedEvent> seen)
        {
            this.seen = seen;
            Name = $"process-{number}-{Guid.CreateVersion7():N}";
            db = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { SearchPath = "read,public", ApplicationName = Name, MaxPoolSize = 20, MaxAutoPrepare = 200, AutoPrepareMinUsages = 2 }.ToString());
            var options = new EventStoreOptions { PageSize = 20 }.Aggregate<Basket, IBasketEvent>("basket").Aggregate<Journal, IJournalEvent>("journal").Subscribe(this)
                .Project(new BasketCounts("inline", "counts_inline"), ProjectionLifecycle.Inline).Project(new BasketCounts("async", "counts_async"), ProjectionLifecycle.Async);
            Store = new(db, options, TimeProvider.System);
        }

        public string Name { get; }
        public EventStore Store { get; }
        public ProjectionDaemon? Daemon { get; private set; }

        string ISubscription.Name => "witness";

        public static async Task<Process> Start(string database, int number, ConcurrentQueue<RecordedEvent> seen, bool follows)
        {
            var process = new Process(database, number, seen);
            var daemon = new ProjectionDaemon(process.db, process.Store, TimeProvider.System, NullLogger<ProjectionDaemon>.Instance);
            await daemon.Prepare();
            if (!follows) return process;
            process.Daemon = daemon;
            await daemon.StartAsync(default);
            return process;
        }

        Task ISubscription.Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
        {
            foreach (var e in page) seen.Enqueue(e);
            return Task.CompletedTask;
        }

        public async ValueTask DisposeAsync()
        {
            if (Daemon is not null) await Daemon.StopAsync(default);
            Daemon?.Dispose();
            Store.Dispose();
            await db.DisposeAsync();
        }
    }
}
