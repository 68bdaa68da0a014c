using CrmPlatform.Testing;
using Dapper;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>The outcome of a call. Lost: its connection broke, so the first attempt may or may not have been executed.</summary>
sealed record Outcome(
    IReadOnlyList<WriteResult>? Results = null,
    Exception? Refusal = null,
    bool Lost = false,
    (Basket State, long Version)? Read = null
);

/// <summary>
/// Executes a plan on two replicas and compares each step with the <see cref="SimulationModel"/>. The outcome of a call whose connection
/// broke is unknown; with a message id it is sent again, to the other replica.
/// </summary>
sealed class Simulation(TestDatabase database) : IAsyncDisposable
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    readonly SimulationModel model = new();
    readonly SlowWriters slow = new(database);
    readonly List<SimulatedReplica> dead = [];
    readonly Recorder recorder = new("simulated");
    readonly NpgsqlConnection admin = new(database.Admin);
    SimulatedReplica[] replicas = [];

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
        await simulation.CatchUp();
    }

    public async ValueTask DisposeAsync()
    {
        await slow.DisposeAsync();
        foreach (var replica in replicas.Concat(dead))
            await replica.DisposeAsync();
        await admin.DisposeAsync();
    }

    async Task CatchUp()
    {
        await slow.End(int.MaxValue);
        await replicas[0].Start();
        await replicas[0].Daemon.CatchUp(new CancellationTokenSource(patience).Token);
        await model.CheckFollowers(slow.Committed, recorder, admin);
    }

    async Task Do(int number, Step step)
    {
        await slow.End(number);
        var before = model.Versions;
        await using var other = new NpgsqlConnection(database.Admin);
        if (step.Meanwhile == Meanwhile.SlowWriter)
            await slow.Begin(number + step.Which, commits: step.After % 4 != 0);
        if (step.Locked != Locked.Nothing)
        {
            await other.OpenAsync();
            await other.ExecuteAsync(
                step.Locked == Locked.Stream
                    ? "begin; select 1 from mt_streams where id = @id for update"
                    : "begin; select 1 from mt_event_progression where name = 'counts-async' for update",
                new { id = model.Stream(step.Which) }
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
        await model.Check(number, step, before, outcomes, replicas[0].Store, admin);
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
                await slow.End(int.MaxValue); // a rebuild waits for transactions that may fill a gap
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
        var (first, message) = (call.Streams[0], model.Message(call));
        switch (call.Kind)
        {
            case Kind.Read:
                return new(
                    Read: await store.Read(
                        Basket.Of(model.Stream(first)),
                        call.Expected == Expected.Anything ? null : number % 7,
                        asOf: null
                    )
                );
            case Kind.Write:
                return new([await store.Write(Basket.Of(model.Stream(first)), Decide(first), call.ExpectedVersion(before), message)]);
            default:
                return new(
                    await store.Execute(
                        new(TimeProvider.System),
                        [
                            .. call.Streams.Select(s =>
                                (s < Call.Baskets, call.Blind(s)) switch
                                {
                                    (true, true) => Write
                                        .Append(Basket.Of(model.Stream(s)), Facts<IBasketEvent>(s, Basket.Initial))
                                        .ButOnce(message),
                                    (true, false) => Write.To(Basket.Of(model.Stream(s)), Decide(s)).ButOnce(message),
                                    _ => Write
                                        .Append(Journal.Of(model.Stream(s)), Facts<IJournalEvent>(s, Basket.Initial))
                                        .ButOnce(message),
                                }
                            ),
                        ],
                        refusalsAsResults: call.Kind == Kind.WriteManyOrBeRefused
                    )
                );
        }

        Func<Basket, IBasketEvent[]> Decide(int stream) => basket => Facts<IBasketEvent>(stream, basket);
        T[] Facts<T>(int stream, Basket basket) =>
            [
                .. (
                    call.Decide(number, stream, basket)
                    ?? throw new RuleViolationException("odd", "the number of items is odd; expected an even one")
                ).Cast<T>(),
            ];
    }
}
