using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>Commands on hot streams, with transactions in between that hold their numbers for a while, and some that burn them.</summary>
sealed class Writers(NpgsqlDataSource db, EventStore store, int seed, int streams, int slow)
{
    readonly Guid[] ids = [.. Enumerable.Range(0, streams).Select(n => new Guid(n, 0, 0, new byte[8]))];

    public Task Run(int writers, TimeSpan time)
    {
        var end = TimeProvider.System.GetTimestamp() + (long)(time.TotalSeconds * TimeProvider.System.TimestampFrequency);
        return Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(seed * 1_000 + writer);
            while (TimeProvider.System.GetTimestamp() < end) await Once(random);
        })));
    }

    async Task Once(Random random)
    {
        var command = Guid.CreateVersion7().ToString("N");
        switch (random.Next(12))
        {
            case 0: await Held("rollback", random.Next(slow)); return;
            case 1: await Held("commit", random.Next(slow)); return;
            case < 4:
                await store.WriteToAggregates([.. ids.Where(_ => random.Next(3) == 0).Prepend(ids[0]).Distinct().Select(id => Write.To(id, (Basket b) => b.Add(item: command)))]);
                break;
            default: await store.WriteToAggregate(ids[random.Next(ids.Length)], (Basket b) => b.Add(item: command)); break;
        }
        Console.WriteLine(command); // a redirected console flushes every line
    }

    /// <summary>An insert as the store does it: the number is drawn inside of the statement.</summary>
    async Task Held(string end, int milliseconds)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand("""
            with s as (insert into mt_streams (id, type, version) values ($1, 'journal', 1) returning id)
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp) select nextval('mt_events_sequence'), gen_random_uuid(), id, 1, '{"number": 1}', 'noted', now() from s
            """, connection) { Parameters = { new() { Value = Guid.CreateVersion7() } } };
        await insert.ExecuteNonQueryAsync();
        await Task.Delay(milliseconds);
        await (end == "commit" ? transaction.CommitAsync() : transaction.RollbackAsync());
    }
}
