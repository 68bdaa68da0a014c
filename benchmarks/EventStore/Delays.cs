using System.Diagnostics;
using CrmPlatform.Crm;
using CrmPlatform.EventSourcing;
using Npgsql;

namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>From a commit to the subscriber that acts on it; also past a number that never comes, and past one that comes late.</summary>
sealed class Delays(Database database, Settings settings)
{
    public const string SameProcess = "commit → subscriber, same process",
        OtherProcess = "commit → subscriber, other process",
        Burned = "commit → subscriber, after a rolled-back append",
        Held = "later events, after a transaction that held a lower number";

    readonly record struct Sent(Guid Stream, long Called, long Returned);

    EventStore store = null!;

    public async Task<List<Row>> Run()
    {
        var watch = new Watch("near");
        store = database.Store(o => o.Subscribe(watch));
        using var daemon = await database.Daemon(store);
        await daemon.StartAsync(default);
        await Seen(watch, await Send(1_000, 2)); // warm
        var rows = new List<Row>();
        foreach (var rate in new[] { 20, 1_000 })
            if (settings.Wants(SameProcess))
            {
                var sent = await Send(rate, settings.Quick ? 4 : 10);
                rows.Add(Row(SameProcess, $"{rate:N0}/s", sent, await Seen(watch, sent)));
            }
        foreach (var rate in new[] { 20, 1_000 })
            if (settings.Wants(OtherProcess))
                rows.Add(await Across(rate));
        if (settings.Wants(Burned))
            rows.Add(await AfterBurned(watch));
        if (settings.Wants(Held))
            rows.Add(await BehindHeld(watch, settings.Quick ? 3 : 10));
        await daemon.StopAsync(default);
        return rows;
    }

    async Task<Row> Across(int rate)
    {
        using var other = new OtherProcess();
        await other.Ready();
        await Send(20, 3); // the processes hear of one another within a second
        var sent = await Send(rate, settings.Quick ? 4 : 10);
        await Task.Delay(1_500);
        return Row(OtherProcess, $"{rate:N0}/s", sent, await other.End());
    }

    /// <summary>Each append comes directly after one that drew a number and was rolled back.</summary>
    async Task<Row> AfterBurned(Watch watch)
    {
        var sent = new List<Sent>();
        await using var connection = await database.Db.OpenConnectionAsync();
        for (var i = 0; i < (settings.Quick ? 60 : 200); i++)
        {
            await using (var transaction = await connection.BeginTransactionAsync())
            {
                await Draw(connection, transaction);
                await transaction.RollbackAsync();
            }
            sent.Add(await Order());
            await Task.Delay(Random.Shared.Next(20, 60));
        }
        return Row(Burned, $"{sent.Count} times", sent, await Seen(watch, sent), p50Goal: 20);
    }

    /// <summary>
    /// Others commit 20 times a second meanwhile; the subscriber may see none of them before, and all of them directly after.
    /// </summary>
    async Task<Row> BehindHeld(Watch watch, int seconds)
    {
        await using var connection = await database.Db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (events, disorder) = (watch.Events, watch.OutOfOrder);
        var held = await Draw(connection, transaction);
        var sent = await Send(20, seconds);
        var early = sent.Count(s => watch.Seen.ContainsKey(s.Stream));
        await transaction.CommitAsync();
        var end = Stopwatch.GetTimestamp();
        var seen = await Seen(watch, [.. sent, new(held, end, end)]);
        var last = sent.Max(s => Milliseconds(seen[s.Stream] - end));
        var skipped = 3 * sent.Count + 1 - (watch.Events - events);
        return new(
            Held,
            $"{seconds} s",
            $"{sent.Count} commands waited, {skipped} events skipped, {early + watch.OutOfOrder - disorder} out of order; "
                + $"the held one after {Table.Number(Milliseconds(seen[held] - end), "0.0")} ms, "
                + $"the last after {Table.Number(last, "0.0")} ms",
            Goal: "last <= 20, none skipped",
            Met: last <= 20 && skipped == 0 && early == 0 && watch.OutOfOrder == disorder
        );
    }

    /// <summary>As an append of another process: its number is drawn inside of the insert.</summary>
    static async Task<Guid> Draw(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        var stream = Guid.CreateVersion7();
        var fact = Shopper.Initial.Order()[0];
        await using var batch = new NpgsqlBatch(connection, transaction);
        new SqlBatch(batch)
            .Add("insert into mt_streams (id, type, version) values ($1, 'shopper', 1)", stream)
            .Add(
                """
                insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
                values (nextval('mt_events_sequence'), $1, $2, 1, $3, $4, now())
                """,
                Guid.CreateVersion7(),
                stream,
                new NpgsqlParameter { Value = Bare.Json(fact), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Jsonb },
                Bare.Type(fact)
            );
        await batch.ExecuteNonQueryAsync();
        return stream;
    }

    /// <summary>So many commands a second, whatever becomes of those before.</summary>
    async Task<List<Sent>> Send(int rate, int seconds)
    {
        var (start, sent) = (Stopwatch.GetTimestamp(), new List<Task<Sent>>());
        for (var n = 0; n < rate * seconds; n++)
        {
            var early = 1_000.0 * n / rate - Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (early > 0)
                await Task.Delay((int)Math.Ceiling(early));
            sent.Add(Order());
        }
        return [.. await Task.WhenAll(sent)];
    }

    async Task<Sent> Order()
    {
        var (stream, called) = (Guid.CreateVersion7(), Stopwatch.GetTimestamp());
        await store.Write(new(TimeProvider.System) { IfMatch = 0 }, Shopper.Of(stream), s => s.Order());
        return new(stream, called, Stopwatch.GetTimestamp());
    }

    /// <summary>Waits until the subscriber has seen all of them.</summary>
    static async Task<IReadOnlyDictionary<Guid, long>> Seen(Watch watch, List<Sent> sent)
    {
        for (var tries = 0; !sent.TrueForAll(s => watch.Seen.ContainsKey(s.Stream)); tries++)
            if (tries < 600)
                await Task.Delay(50);
            else
                throw new InvalidOperationException(
                    $"the subscriber did not see {sent.Count(s => !watch.Seen.ContainsKey(s.Stream))} of {sent.Count} streams within 30 s"
                );
        return watch.Seen;
    }

    static Row Row(string work, string at, List<Sent> sent, IReadOnlyDictionary<Guid, long> seen, double p50Goal = 3)
    {
        var after = sent.ConvertAll(s => Milliseconds(seen[s.Stream] - s.Returned));
        var call = sent.ConvertAll(s => Milliseconds(seen[s.Stream] - s.Called));
        var (p50, p99) = (Percentile.Of(after, 50), Percentile.Of(after, 99));
        return new(
            work,
            at,
            $"from the call: {Table.Number(Percentile.Of(call, 50))}, {Table.Number(Percentile.Of(call, 99))}",
            Table.Number(p50),
            Table.Number(p99),
            Goal: $"p50 <= {p50Goal}, p99 <= 20",
            Met: p50 <= p50Goal && p99 <= 20
        );
    }

    static double Milliseconds(long ticks) => 1_000.0 * ticks / Stopwatch.Frequency;
}
