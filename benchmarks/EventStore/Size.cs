using CrmPlatform.EventSourcing;

namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>What an event of 83 bytes takes in the log: ten to a stream, without metadata, as the store wrote it.</summary>
static class Size
{
    public const string Work = "bytes per event of 83 bytes";

    public static async Task<Row> Run(Database database)
    {
        const int Streams = 5_000,
            Facts = 10;
        var fact = new PageViewed("/products/longjing-tea-250-g?q=tea", "mini-program", 42);
        var payload = Bare.Json(fact).Length;
        if (payload != 83)
            throw new InvalidOperationException($"the payload has {payload} bytes");
        var store = database.Store();
        foreach (var chunk in Enumerable.Range(0, Streams).Chunk(500))
            await store.Execute([
                .. chunk.Select(_ =>
                    Write.To(Shopper.Of(Guid.CreateVersion7()), _ => Enumerable.Repeat<IShopperEvent>(fact, Facts).ToArray())
                ),
            ]);
        var total = await database.Scalar<decimal>("select pg_total_relation_size('mt_events')::numeric / count(*) from mt_events");
        var parts = await database.Scalar<string>(
            """
            select 'heap ' || round(pg_table_size('mt_events')::numeric / n) || (
                select string_agg(
                    ', ' || indexrelid::regclass || ' ' || round(pg_relation_size(indexrelid)::numeric / n), '' order by indexrelid)
                from pg_index where indrelid = 'mt_events'::regclass)
            from (select count(*) n from mt_events) e
            """
        );
        return new(Work, $"{Streams * Facts:N0} events", $"{Table.Rate((double)total)} ({parts})", Goal: "<= 330", Met: total <= 330);
    }
}
