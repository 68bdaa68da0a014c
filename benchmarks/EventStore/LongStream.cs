using System.Diagnostics;
using CrmPlatform.Crm;
using CrmPlatform.EventSourcing;

namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>
/// One customer with 100,000 facts, loaded by a store that remembers nothing: from a snapshot with up to a thousand facts after it, and
/// from the first fact.
/// </summary>
static class LongStream
{
    public const string Work = "load of a stream of 100,000 events";
    const int Facts = 100_000,
        After = 500;

    public static async Task<List<Row>> Run(Database database)
    {
        var id = await Seed.One(Facts);
        var store = database.Store(snapshots: 1);
        for (var i = 0; i <= After / 3; i++)
            await store.Write(new(TimeProvider.System), Shopper.Of(id), s => s.Order()); // the first of them loads all and keeps a snapshot
        return [await Row("from a snapshot", store, 200, goal: 5), await Row("from the first event", database.Store(), 5, goal: null)];

        async Task<Row> Row(string at, EventStore from, int times, double? goal)
        {
            var milliseconds = new List<double>();
            for (var i = -times / 5; i < times; i++)
            {
                var start = Stopwatch.GetTimestamp();
                var (state, version) = await from.Read(Shopper.Of(id));
                if (i >= 0)
                    milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                if (version <= Facts + After || state.Orders == 0)
                    throw new InvalidOperationException($"{Work}: version {version}");
            }
            var p50 = Percentile.Of(milliseconds, 50);
            return new(
                Work,
                at,
                at == "from a snapshot" ? $"and {After} events" : "",
                Table.Number(p50),
                Table.Number(Percentile.Of(milliseconds, 99)),
                Goal: goal is { } g ? $"p50 <= {g}" : "",
                Met: goal is { } most ? p50 <= most : null
            );
        }
    }
}
