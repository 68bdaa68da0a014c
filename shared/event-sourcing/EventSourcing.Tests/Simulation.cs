using CrmPlatform.Testing;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// Executes a plan and keeps the model: for each stream the facts that it must hold, and which messages were executed. The order of
/// concurrent calls is the log's to choose; then each outcome must be the one that the rules give in that order. What became of a call
/// whose connection broke is unknown: with a message id it is sent again, to the other replica.
/// </summary>
sealed class Simulation(TestDatabase database) : IAsyncDisposable
{
    public const int Messages = 12;
    static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    readonly Guid[] streams = [.. Ids(Call.Baskets + Call.Journals)],
        messages = [.. Ids(Messages)];
    readonly List<object>[] model = [.. Enumerable.Range(0, Call.Baskets + Call.Journals).Select(_ => new List<object>())];
    readonly HashSet<int> executed = [];
    readonly Dictionary<int, int> executor = [];
    readonly List<(Guid Stream, NpgsqlConnection Connection, int Until, bool Commits)> slow = [];
    readonly List<Guid> slowStreams = [];
    readonly List<Replica> dead = [];
    readonly Recorder recorder = new("simulated");
    readonly NpgsqlConnection admin = new(database.Admin);
    Replica[] replicas = [];

    sealed record Outcome(
        IReadOnlyList<WriteResult>? Results = null,
        Exception? Refusal = null,
        bool Lost = false,
        (Basket State, long Version)? Read = null
    );

    public static int NumberOf(int step, int call) => 100 * step + call;

    public static async Task Run(TestDatabase database, Plan plan)
    {
        await using var simulation = new Simulation(database);
        await simulation.admin.OpenAsync();
        simulation.replicas = [new(database, simulation.recorder), new(database, simulation.recorder)];
        foreach (var replica in simulation.replicas)
            await replica.Start();
        for (var i = 0; i < plan.Steps.Length; i++)
            await simulation.Do(i, plan.Steps[i]);
        await simulation.CaughtUp();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, connection, _, _) in slow)
            await connection.DisposeAsync();
        foreach (var replica in replicas.Concat(dead))
            await replica.DisposeAsync();
        await admin.DisposeAsync();
    }

    async Task Do(int number, Step step)
    {
        await EndSlow(number);
        var before = model.Select(m => m.Count).ToArray();
        await using var other = new NpgsqlConnection(database.Admin);
        if (step.Meanwhile == Meanwhile.SlowWriter)
            await BeginSlow(number + step.Which, commits: step.After % 4 != 0);
        if (step.Locked != Locked.Nothing)
        {
            await other.OpenAsync();
            await other.ExecuteAsync(
                step.Locked == Locked.Stream
                    ? "begin; select 1 from mt_streams where id = @id for update"
                    : "begin; select 1 from mt_event_progression where name = 'counts-async' for update",
                new { id = streams[step.Which] }
            );
        }
        var ends = step.Meanwhile is Meanwhile.SessionsEnd or Meanwhile.Crash;
        var calls = step.Calls.Select((c, i) => Task.Run(() => Execute(c, NumberOf(number, i), before, ends))).ToArray();
        if (step.Locked != Locked.Nothing || step.Meanwhile != Meanwhile.Nothing)
            await Task.Delay(step.After);
        if (!ends)
            await other.CloseAsync();
        await Happen(step).WaitAsync(patience);
        await other.CloseAsync();
        var outcomes = await Task.WhenAll(calls).WaitAsync(patience);
        await Check(number, step, before, outcomes);
    }

    async Task Happen(Step step)
    {
        var replica = replicas[step.Which % 2];
        switch (step.Meanwhile)
        {
            case Meanwhile.SessionsEnd:
                await replica.EndSessions(admin);
                break;
            case Meanwhile.Crash:
                replicas[step.Which % 2] = new(database, recorder);
                dead.Add(replica);
                await replica.EndSessions(admin);
                await replica.Stop();
                break;
            case Meanwhile.Start:
                await replica.Start();
                break;
            case Meanwhile.Stop:
                await replica.Stop();
                break;
            case Meanwhile.Rebuild:
                await EndSlow(int.MaxValue); // it waits for who may fill a hole
                await replica.Daemon.Rebuild(step.Which < 2 ? "counts-async" : "counts-inline");
                break;
        }
    }

    async Task<Outcome> Execute(Call call, int number, int[] before, bool sessionsEnd)
    {
        for (var attempt = 0; ; attempt++)
            try
            {
                var outcome = await Send(call, number, before, replicas[(call.Replica + attempt) % 2].Store);
                return outcome with { Lost = attempt > 0 };
            }
            catch (Exception e) when (e is RuleViolationException or StaleVersionException)
            {
                return new(Refusal: e, Lost: attempt > 0);
            }
            catch (NpgsqlException) when (sessionsEnd)
            {
                if (call.Message is null)
                    return new(Lost: true);
                await Task.Delay(2);
            }
    }

    async Task<Outcome> Send(Call call, int number, int[] before, EventStore store)
    {
        var (first, message) = (call.Streams[0], call.Message is { } m ? messages[m] : (Guid?)null);
        switch (call.Kind)
        {
            case Kind.Read:
                return new(
                    Read: await store.Read(Basket.Of(streams[first]), call.Expected == Expected.Anything ? null : number % 7, asOf: null)
                );
            case Kind.Write:
                return new([await store.Write(Basket.Of(streams[first]), Decide(first), Expects(call, before), message)]);
            default:
                return new(
                    await store.Execute(
                        new(TimeProvider.System),
                        [
                            .. call.Streams.Select(s =>
                                (s < Call.Baskets, call.Blind(s)) switch
                                {
                                    (true, true) => Write
                                        .Append(Basket.Of(streams[s]), Facts<IBasketEvent>(s, Basket.Initial))
                                        .ButOnce(message),
                                    (true, false) => Write.To(Basket.Of(streams[s]), Decide(s)).ButOnce(message),
                                    _ => Write.Append(Journal.Of(streams[s]), Facts<IJournalEvent>(s, Basket.Initial)).ButOnce(message),
                                }
                            ),
                        ],
                        refusalsAsResults: call.Kind == Kind.WriteManyOrBeRefused
                    )
                );
        }

        Func<Basket, IBasketEvent[]> Decide(int stream) => basket => Facts<IBasketEvent>(stream, basket);
        T[] Facts<T>(int stream, Basket basket) =>
            [.. (call.Decide(number, stream, basket) ?? throw new RuleViolationException("odd", "not even")).Cast<T>()];
    }

    static long? Expects(Call call, int[] before) =>
        (call.Expected, before[call.Streams[0]]) switch
        {
            (Expected.Right, var version) => version,
            (Expected.Stale, var version) => version > 0 ? version - 1 : 1,
            (Expected.New, _) => 0,
            _ => null,
        };

    /// <summary>The log has chosen an order; the model follows it and every outcome must fit.</summary>
    async Task Check(int number, Step step, int[] before, Outcome[] outcomes)
    {
        for (var s = 0; s < streams.Length; s++)
        {
            var log = await replicas[0].Store.FetchStream(streams[s]);
            log.Select(e => e.Version).ShouldBe(Enumerable.Range(1, log.Count).Select(v => (long)v), Call.NameOf(s));
            log.Take(before[s]).Select(e => e.Data).ShouldBe(model[s], $"{Call.NameOf(s)}: what was there stays");
            model[s].AddRange(log.Skip(before[s]).Select(e => e.Data));
            model[s]
                .Skip(before[s])
                .ShouldAllBe(f => Numbers(number, step).Contains(NumberOf(f)), $"{Call.NameOf(s)}: nobody else has written");
        }
        var known = executed.ToHashSet();
        for (var i = 0; i < outcomes.Length; i++)
            Check(step.Calls[i], NumberOf(number, i), before, outcomes[i], known);
        // A duplicate was executed by somebody: before, by a neighbour, or by a call that never heard what became of it.
        var lost = step
            .Calls.Zip(outcomes)
            .Where(c => c.Second.Lost && c.First.Message is not null)
            .Select(c => c.First.Message!.Value)
            .ToList();
        foreach (var (call, outcome) in step.Calls.Zip(outcomes))
            if (outcome.Results?.Any(r => r.Duplicate) == true && !executed.Contains(call.Message!.Value))
                lost.ShouldContain(call.Message.Value, $"{call}: a duplicate of what was never executed");
        foreach (var (call, outcome) in step.Calls.Zip(outcomes))
            if (outcome.Results?.Any(r => r.Duplicate) == true)
                executed.Add(call.Message!.Value);
        (await admin.QueryAsync<Guid>("select message_id from inbox where message_id = any(@messages)", new { messages }))
            .Order()
            .ShouldBe(executed.Select(m => messages[m]).Order(), "the inbox");
    }

    void Check(Call call, int number, int[] before, Outcome outcome, HashSet<int> known)
    {
        var why = $"{number}: {call} {outcome.Refusal?.Message}";
        foreach (var s in Enumerable.Range(0, streams.Length).Except(outcome.Read is null ? call.Streams : []))
            Written(s).Facts.ShouldBeEmpty(why);
        if (outcome.Read is { } read)
        {
            var upTo = call.Expected == Expected.Anything ? int.MaxValue : number % 7;
            Now(call.Streams[0])
                .Any(v => read.Version == Math.Min(v, upTo) && read.State == StateAt(call.Streams[0], Math.Min(v, upTo)))
                .ShouldBeTrue($"{why} read {read}");
            return;
        }
        var all = call.Streams.Select(s => (Stream: s, Written: Written(s))).ToList();
        foreach (var (stream, (at, facts)) in all)
            if (facts.Count > 0)
                facts.ShouldBe(
                    call.Decide(number, stream, StateAt(stream, at)) ?? [],
                    $"{why}: on another state than it was decided on, or not once"
                );
        if (call.Message is { } message)
        {
            if (all.Exists(w => w.Written.Facts.Count > 0))
                executor.TryAdd(message, number).ShouldBeTrue($"{why}: {executor.GetValueOrDefault(message)} has executed it");
            if (outcome.Results?.All(r => !r.Duplicate && r.Refused is null) == true)
                executed.Add(message).ShouldBeTrue($"{why}: executed before");
            if (outcome.Refusal is not null || outcome.Results?.Any(r => r.Refused is not null) == true)
                known.ShouldNotContain(message, $"{why}: seen before, it does nothing");
        }
        if (outcome.Refusal is not null)
            all.SelectMany(w => w.Written.Facts).ShouldBeEmpty($"{why}: refused, it leaves no trace");
        if (outcome.Refusal is StaleVersionException stale)
            Now(call.Streams[0])
                .Any(v => stale.Expected == Expects(call, before) && stale.Actual == v && v != stale.Expected)
                .ShouldBeTrue(why);
        else if (outcome.Refusal is not null)
            call.Streams.Any(s => Could(s, null)).ShouldBeTrue($"{why}: no state of the moment refuses it");
        else if (outcome.Results is null || outcome.Results[0].Duplicate)
        {
            if (!outcome.Lost)
                all.SelectMany(w => w.Written.Facts).ShouldBeEmpty($"{why}: a duplicate");
            else if (all.Exists(w => w.Written.Facts.Count > 0))
                all.TrueForAll(w =>
                        w.Written.Facts.Count > 0 || Could(w.Stream, 0) || (call.Kind == Kind.WriteManyOrBeRefused && Could(w.Stream, null))
                    )
                    .ShouldBeTrue($"{why}: half of it is there");
        }
        else
            foreach (var ((stream, (at, facts)), result) in all.Zip(outcome.Results))
            {
                result.Events.ShouldBe(facts, $"{why}: what was acknowledged is there");
                if (result.Refused is not null)
                    (call.Message is null ? [stream] : call.Streams)
                        .Any(s => Could(s, null))
                        .ShouldBeTrue($"{why}: no state of the moment refuses it");
                else if (call.Blind(stream))
                    result.Version.ShouldBe(0, why);
                else if (facts.Count > 0)
                    (result.Version, call.Kind == Kind.Write ? Expects(call, before) ?? at : at).ShouldBe((at + facts.Count, at), why);
                else
                    Now(stream)
                        .Any(v =>
                            v == result.Version
                            && call.Decide(number, stream, StateAt(stream, v)) is { Length: 0 }
                            && (call.Kind != Kind.Write || (Expects(call, before) ?? v) == v)
                        )
                        .ShouldBeTrue($"{why}: no state of the moment decides for nothing");
            }

        IEnumerable<int> Now(int stream) => Enumerable.Range(before[stream], model[stream].Count - before[stream] + 1);
        bool Could(int stream, int? facts) => Now(stream).Any(v => call.Decide(number, stream, StateAt(stream, v))?.Length == facts);
        (int At, IReadOnlyList<object> Facts) Written(int stream) =>
            (model[stream].FindIndex(f => NumberOf(f) == number), model[stream].FindAll(f => NumberOf(f) == number));
    }

    Basket StateAt(int stream, int version) =>
        model[stream].Take(version).OfType<IBasketEvent>().Aggregate(Basket.Initial, (state, fact) => state.Evolve(fact));

    static IEnumerable<int> Numbers(int number, Step step) => step.Calls.Select((_, i) => NumberOf(number, i));

    static int NumberOf(object fact) =>
        fact switch
        {
            ItemAdded added => int.Parse(added.Item, System.Globalization.CultureInfo.InvariantCulture),
            PaymentTaken taken => (int)taken.Amount,
            _ => ((Noted)fact).Number,
        };

    /// <summary>The followers catch up, whoever runs them; then views and subscription hold what the model holds.</summary>
    async Task CaughtUp()
    {
        await EndSlow(int.MaxValue);
        await replicas[0].Start();
        await replicas[0].Daemon.CatchUp(new CancellationTokenSource(patience).Token);
        Guid[] all = [.. streams, .. slowStreams];
        var log = (
            await admin.QueryAsync<(long Sequence, Guid Stream, long Version)>(
                "select seq_id, stream_id, version from mt_events where stream_id = any(@all) order by 1",
                new { all }
            )
        ).ToList();
        foreach (var stream in log.GroupBy(e => e.Stream))
            stream
                .Select(e => e.Version)
                .ShouldBe(Enumerable.Range(1, stream.Count()).Select(v => (long)v), "the versions of a stream, in the order of the log");
        recorder
            .Seen.Where(e => all.Contains(e.StreamId))
            .DistinctBy(e => e.Id)
            .Select(e => (e.Sequence, e.StreamId, e.Version))
            .ShouldBe(log, "what the subscription has seen, where it saw it first");
        (await admin.QueryAsync<(Guid, long)>("select id, version from mt_streams where id = any(@streams)", new { streams }))
            .Order()
            .ShouldBe(streams.Zip(model.Select(m => (long)m.Count)).Where(s => s.Second > 0).Order(), "the rows of the streams");
        foreach (var table in new[] { "counts_inline", "counts_async" })
            (
                await admin.QueryAsync<(Guid, int, int)>(
                    $"select id, items, events from read.{table} where id = any(@streams)",
                    new { streams }
                )
            )
                .Order()
                .ShouldBe(
                    streams
                        .Zip(model, (id, facts) => (id, facts.OfType<ItemAdded>().Sum(f => f.Quantity), facts.OfType<ItemAdded>().Count()))
                        .Where(s => s.Item3 > 0)
                        .Order(),
                    table
                );
        // Whoever comes first in one stream comes first in all that both have written.
        var places = model
            .Select(facts => facts.Select(NumberOf).Distinct().Select((n, at) => (n, at)).ToDictionary(p => p.n, p => p.at))
            .ToArray();
        foreach (var (a, b) in places.SelectMany(p => p.Keys.SelectMany(a => p.Keys.Select(b => (a, b)))).Distinct())
            places
                .Where(p => p.ContainsKey(a) && p.ContainsKey(b))
                .Select(p => Math.Sign(p[a] - p[b]))
                .Distinct()
                .Count()
                .ShouldBe(1, $"{a} and {b}: one before the other");
    }

    /// <summary>Somebody draws a number, and commits or gives it up some steps later.</summary>
    async Task BeginSlow(int until, bool commits)
    {
        var id = Guid.CreateVersion7();
        var connection = new NpgsqlConnection(database.Admin);
        slow.Add((id, connection, until, commits));
        await connection.OpenAsync();
        await connection.ExecuteAsync("insert into mt_streams (id, type, version) values (@id, 'journal', 1)", new { id });
        await connection.ExecuteAsync(
            """begin; insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp) values (nextval('mt_events_sequence'), gen_random_uuid(), @id, 1, '{"number": -1}', 'noted', now())""",
            new { id }
        );
    }

    async Task EndSlow(int step)
    {
        foreach (var (id, connection, until, commits) in slow.ToArray())
        {
            if (until >= step)
                continue;
            await connection.ExecuteAsync(commits ? "commit" : "rollback");
            if (commits)
                slowStreams.Add(id);
            slow.RemoveAll(s => s.Stream == id);
            await connection.DisposeAsync();
        }
    }

    static IEnumerable<Guid> Ids(int count) => Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7());

    /// <summary>What one process of the service is: connections, memory, daemon.</summary>
    sealed class Replica : IAsyncDisposable
    {
        readonly string name = "replica-" + Guid.CreateVersion7().ToString("N");
        readonly NpgsqlDataSource db;
        RunningDaemon? running;

        public Replica(TestDatabase database, Recorder recorder)
        {
            db = NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(database.App)
                {
                    ApplicationName = name,
                    SearchPath = "read,public",
                    MaxAutoPrepare = 200,
                    AutoPrepareMinUsages = 2,
                }.ToString()
            );
            var options = new EventStoreOptions { PollInterval = TimeSpan.FromMilliseconds(100) }
                .Aggregate<Basket, IBasketEvent>("basket")
                .Aggregate<Journal, IJournalEvent>("journal")
                .Inline(new BasketCounts("counts-inline", "counts_inline"))
                .Async(new SlowCounts())
                .Subscribe(recorder);
            Store = new(db, options, TimeProvider.System);
            Daemon = new(db, Store, TimeProvider.System, NullLogger<ProjectionDaemon>.Instance);
        }

        public EventStore Store { get; }

        /// <summary>Never started: for whoever asks something of it.</summary>
        public ProjectionDaemon Daemon { get; }

        public async Task Start()
        {
            if (running is not null)
                return;
            var daemon = new ProjectionDaemon(db, Store, TimeProvider.System, NullLogger<ProjectionDaemon>.Instance);
            await daemon.Prepare();
            await daemon.StartAsync(default);
            running = new(daemon);
        }

        public async Task Stop()
        {
            if (running is not null)
                await running.DisposeAsync();
            running = null;
        }

        /// <summary>In the middle of whatever they do. When this returns, nothing that they have begun can still commit.</summary>
        public async Task EndSessions(NpgsqlConnection admin)
        {
            await admin.ExecuteAsync(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = @name",
                new { name }
            );
            db.Clear();
        }

        public async ValueTask DisposeAsync()
        {
            await Stop();
            Daemon.Dispose();
            await db.DisposeAsync();
        }
    }

    /// <summary>Takes its time between a page and what it writes: there others may be quicker.</summary>
    sealed class SlowCounts : IProjection
    {
        readonly BasketCounts counts = new("counts-async", "counts_async");

        public string Name => counts.Name;
        public string Ddl => counts.Ddl;

        public void Register(EventHandlers on) =>
            on.OnFold<ItemAdded>(
                async (page, _, sql, ct) =>
                {
                    await Task.Delay(10, ct);
                    foreach (var e in page)
                        counts.Count((ItemAdded)e.Data, e, sql);
                }
            );
    }
}
