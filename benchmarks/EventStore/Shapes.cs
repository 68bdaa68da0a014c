using CrmPlatform.EventSourcing;

namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>One way of executing a command, measured against the bare insert of the same facts.</summary>
/// <param name="Goals">The ratio to reach at 1, 8 and 32 concurrent commands.</param>
/// <param name="Begin">Makes the streams for so many workers; what it returns executes one command of a worker.</param>
/// <param name="Marten">The same by Marten, with a session per command.</param>
/// <param name="Before">Before each slice, outside of the measurement.</param>
sealed record Shape(
    string Name,
    double[] Goals,
    Func<int, Task<Func<int, Task>>> Begin,
    Func<int, Task<Func<int, Task>>> Marten,
    Func<Task>? Before = null,
    int Orders = 1
);

/// <summary>Each shape has a store of its own: what one remembers helps no other.</summary>
sealed class Shapes(Database database, MartenShapes marten)
{
    /// <summary>Streams that commands go to in turn: few enough to be remembered, many enough that no two commands meet.</summary>
    const int Streams = 2_048;

    public Shape New()
    {
        var store = database.Store();
        return new(
            "append to a new stream",
            [0.6, 1.0, 1.3],
            _ => Each(() => store.Write(new(TimeProvider.System) { IfMatch = 0 }, Shopper.Of(Guid.CreateVersion7()), s => s.Order())),
            _ => Each(marten.New)
        );
    }

    public Shape Existing()
    {
        var store = database.Store();
        return new(
            "append to an existing stream, expected version",
            [0.55, 0.9, 1.2],
            async workers =>
                Versions(
                    await Known(store),
                    workers,
                    async (id, version) =>
                        (await store.Write(new(TimeProvider.System) { IfMatch = version }, Shopper.Of(id), s => s.Order())).Version
                ),
            async workers => Versions(await marten.Known(Streams, inlineToo: false), workers, marten.Existing)
        );
    }

    /// <summary>Truly cold, whatever the store may remember: each stream is new to it, made by the server and used once.</summary>
    public Shape Cold()
    {
        var store = database.Store(o => o.CachedStates = 0);
        var (stock, taken) = (Array.Empty<Guid>(), 0);
        return new(
            "load (cold, 10 events), decide, append",
            [0.45, 0.6, 0.8],
            _ => Each(() => store.Write(new(TimeProvider.System), Shopper.Of(stock[Interlocked.Increment(ref taken) - 1]), s => s.Order())),
            _ => Each(() => marten.Decide(stock[Interlocked.Increment(ref taken) - 1])),
            Before: async () =>
                (stock, taken) = ([.. stock.Skip(taken), .. await Seed.Streams(Math.Max(0, 20_000 - stock.Length + taken))], 0)
        );
    }

    public Shape Cached() => Remembered("load (cached), decide, append", [0.55, 0.9, 1.1], database.Store(), marten.Decide);

    public async Task<Shape> Inline()
    {
        var store = database.Store(o => o.Inline(new Spending("spending-inline", each: true)));
        using var daemon = await database.Daemon(store); // makes the projection's table
        return Remembered("load (cached), decide, append, inline projection", [0.5, 0.7, 0.8], store, marten.DecideInline, inline: true);
    }

    public Shape Import()
    {
        var store = database.Store();
        return new(
            "import: 1,000 new streams in one transaction",
            [0.5],
            _ =>
                Each(() =>
                    store.Execute([.. Enumerable.Range(0, 1_000).Select(_ => Write.To(Shopper.Of(Guid.CreateVersion7()), s => s.Order()))])
                ),
            _ => Each(() => marten.Import(1_000)),
            Orders: 1_000
        );
    }

    static Task<Func<int, Task>> Each(Func<Task> command) => Task.FromResult<Func<int, Task>>(_ => command());

    Shape Remembered(string name, double[] goals, EventStore store, Func<Guid, Task> byMarten, bool inline = false) =>
        new(
            name,
            goals,
            async workers =>
                InTurn(await Known(store), workers, id => store.Write(new(TimeProvider.System), Shopper.Of(id), s => s.Order())),
            async workers => InTurn(await marten.Known(Streams, inline), workers, byMarten)
        );

    static Func<int, Task> InTurn(Guid[] ids, int workers, Func<Guid, Task> command)
    {
        var next = Turns(workers);
        return worker => command(ids[next(worker)]);
    }

    static Func<int, Task> Versions(Guid[] ids, int workers, Func<Guid, long, Task<long>> command)
    {
        var (versions, next) = (ids.Select(_ => 3L).ToArray(), Turns(workers));
        return async worker =>
        {
            var i = next(worker);
            versions[i] = await command(ids[i], versions[i]);
        };
    }

    /// <summary>Streams that this store wrote itself, so that it remembers them.</summary>
    static async Task<Guid[]> Known(EventStore store)
    {
        var ids = Enumerable.Range(0, Streams).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var chunk in ids.Chunk(512))
            await store.Execute([.. chunk.Select(id => Write.To(Shopper.Of(id), s => s.Order()))]);
        return ids;
    }

    /// <summary>Each worker goes round its own share of the streams.</summary>
    static Func<int, int> Turns(int workers)
    {
        var last = Enumerable.Range(0, workers).Select(worker => worker - workers).ToArray();
        return worker => last[worker] = last[worker] + workers < Streams ? last[worker] + workers : worker;
    }
}
