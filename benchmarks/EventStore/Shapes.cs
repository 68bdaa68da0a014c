using CrmPlatform.EventSourcing;

namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>One way of executing a command, measured against the bare insert of the same facts.</summary>
/// <param name="Goals">The ratio to reach at 1, 8 and 32 concurrent commands.</param>
/// <param name="Begin">Makes the streams for so many workers; what it returns executes one command of a worker.</param>
/// <param name="Before">Before each slice, outside of the measurement.</param>
sealed record Shape(string Name, double[] Goals, Func<int, Task<Func<int, Task>>> Begin, Func<Task>? Before = null, int Orders = 1);

/// <summary>Each shape has a store of its own: what one remembers helps no other.</summary>
sealed class Shapes(Database database)
{
    /// <summary>Streams that commands go to in turn: few enough to be remembered, many enough that no two commands meet.</summary>
    const int Streams = 2_048;

    public Shape New()
    {
        var store = database.Store();
        return new("append to a new stream", [0.75, 1.0, 1.5],
            _ => Task.FromResult<Func<int, Task>>(_ => store.Write(new(TimeProvider.System) { IfMatch = 0 }, Shopper.Of(Guid.CreateVersion7()), s => s.Order())));
    }

    public Shape Existing()
    {
        var store = database.Store();
        return new("append to an existing stream, expected version", [0.7, 0.9, 1.2], async workers =>
        {
            var (ids, next) = (await Known(store), Turns(workers));
            var versions = ids.Select(_ => 3L).ToArray();
            return async worker =>
            {
                var i = next(worker);
                versions[i] = (await store.Write(new(TimeProvider.System) { IfMatch = versions[i] }, Shopper.Of(ids[i]), s => s.Order())).Version;
            };
        });
    }

    /// <summary>Truly cold, whatever the store may remember: each stream is new to it, made by the server and used once.</summary>
    public Shape Cold()
    {
        var store = database.Store(o => o.CachedStates = 0);
        var (stock, taken) = (Array.Empty<Guid>(), 0);
        return new("load (cold, 10 events), decide, append", [0.5, 0.5, 0.5],
            _ => Task.FromResult<Func<int, Task>>(_ => store.Write(new(TimeProvider.System), Shopper.Of(stock[Interlocked.Increment(ref taken) - 1]), s => s.Order())),
            Before: async () => (stock, taken) = ([.. stock.Skip(taken), .. await Database.Seed(Math.Max(0, 20_000 - stock.Length + taken))], 0));
    }

    public Shape Cached() => Remembered("load (cached), decide, append", [0.7, 0.9, 1.2], database.Store());

    public async Task<Shape> Inline()
    {
        var store = database.Store(o => o.Inline(new Spending("spending-inline", each: true)));
        using var daemon = await database.Daemon(store); // makes the projection's table
        return Remembered("load (cached), decide, append, inline projection", [0.5, 0.6, 0.8], store);
    }

    public Shape Import()
    {
        var store = database.Store();
        return new("import: 1,000 new streams in one transaction", [0.6], _ => Task.FromResult<Func<int, Task>>(_ =>
            store.Execute([.. Enumerable.Range(0, 1_000).Select(_ => Write.To(Shopper.Of(Guid.CreateVersion7()), s => s.Order()))])), Orders: 1_000);
    }

    static Shape Remembered(string name, double[] goals, EventStore store) => new(name, goals, async workers =>
    {
        var (ids, next) = (await Known(store), Turns(workers));
        return worker => store.Write(new(TimeProvider.System), Shopper.Of(ids[next(worker)]), s => s.Order());
    });

    /// <summary>Streams that this store wrote itself, so that it remembers them.</summary>
    static async Task<Guid[]> Known(EventStore store)
    {
        var ids = Enumerable.Range(0, Streams).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var chunk in ids.Chunk(512)) await store.Execute([.. chunk.Select(id => Write.To(Shopper.Of(id), s => s.Order()))]);
        return ids;
    }

    /// <summary>Each worker goes round its own share of the streams.</summary>
    static Func<int, int> Turns(int workers)
    {
        var last = Enumerable.Range(0, workers).Select(worker => worker - workers).ToArray();
        return worker => last[worker] = last[worker] + workers < Streams ? last[worker] + workers : worker;
    }
}
