using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// One projection or subscription on its way along the log. Whoever holds the follower's advisory lock runs it, on the connection that
/// holds the lock; when the process dies the lock is free. That a page counts once does not depend on it: the place moves in the transaction of
/// the effects, and only from where this follower left it. At an event that it cannot process it stops, says so and tries again with growing
/// pauses; it never skips.
/// </summary>
/// <param name="process">Adds the SQL of a page to the transaction that moves the place; a subscription acts elsewhere and adds none.</param>
sealed class Follower(string name, IReadOnlySet<Type>? handles, TimeSpan rest, Func<IReadOnlyList<RecordedEvent>, NpgsqlConnection, SqlBatch, CancellationToken, Task> process)
{
    const string Lock = "select pg_try_advisory_lock(hashtext('crm-follower'), hashtext($1))";
    const string Unlock = "select pg_advisory_unlock(hashtext('crm-follower'), hashtext($1))";
    const string PlaceKept = "select last_seq_id from mt_event_progression where name = $1";
    // Moved by somebody else meanwhile (a rebuild, another replica): division by zero, and the whole transaction with its effects is taken back.
    const string Move = """
        update mt_event_progression set last_seq_id = case last_seq_id when $3 then $2 else $2 / (last_seq_id - last_seq_id) end, last_updated = now() where name = $1
        """;

    /// <summary>Where nothing was written the place is kept now and then: at most so many events or milliseconds are passed again after a crash.</summary>
    const int KeepEvery = 1_000, KeepWithin = 50;

    int limit, failures;
    long position, kept = -1, atWork, unkeptSince;
    volatile bool hurry;

    public string Name => name;
    public WakeUp WakeUp { get; } = new();
    public IReadOnlySet<Type>? Handles => handles;
    public long? StuckAt { get; private set; }
    public string? Error { get; private set; }

    /// <summary>Somebody wants to know how far it is: it looks whether it was moved, follows the log and keeps its place.</summary>
    public void Report()
    {
        hurry = true;
        WakeUp.Signal();
    }

    public async Task Run(NpgsqlDataSource db, EventStore store, LogTail tail, TimeProvider clock, ILogger log, CancellationToken ct)
    {
        limit = store.Options.PageSize;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await Lead(db, store, tail, ct);
                await Task.Delay(store.Options.PollInterval, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                // From one event on, in growing pages: the event to blame is found, and those before it are not held up.
                if (limit == 1) (StuckAt, Error) = (atWork, e.GetType().Name);
                (limit, failures) = (1, failures + 1);
                var pause = TimeSpan.FromMilliseconds(Math.Min(5_000, 50 * Math.Pow(2, Math.Min(failures, 10))));
                log.LogError(e, "{Follower} cannot go on at event {Sequence}, attempt {Attempt}; it tries again in {Pause}", name, StuckAt, failures, pause);
                try { await Task.Delay(pause, clock, ct); }
                catch (OperationCanceledException) { return; }
            }
        }
    }

    /// <summary>Runs the follower for as long as this process holds its lock; returns at once when another one does.</summary>
    async Task Lead(NpgsqlDataSource db, EventStore store, LogTail tail, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        if (!await Ask<bool>(connection, Lock, ct)) return;
        try
        {
            // Effects and place are lost together, if at all, and then made again from the log: their commits need not wait for the disk.
            await Set(connection, "set synchronous_commit = off", ct);
            await Place(connection, ct);
            var reader = new LogReader(store, store.Options.Events.NamesOf(handles));
            while (true)
            {
                var (seen, asked, report) = (WakeUp.Signals, limit, hurry);
                if (report)
                {
                    hurry = false;
                    await Place(connection, ct);
                }
                atWork = position + 1;
                var near = tail.TryTake(position, limit, handles, out var page, out var next);
                if (!near) (page, next) = await reader.Read(connection, position, limit, ct);
                var passed = next - position;
                if (page.Count > 0) await Process(page, next, connection, ct);
                else if (!reader.Blocked) (position, StuckAt, Error) = (next, null, null);
                if (passed > 0) limit = Math.Min(2 * limit, store.Options.PageSize);
                await Keep(report, connection, ct);

                if ((near ? page.Count : passed) >= asked) continue;
                // Under load pages grow while the follower breathes: the same events in a tenth of the transactions, for a delay that nobody alone ever meets.
                if (page.Count > 0) await Task.Delay(rest + TimeSpan.FromMilliseconds(Math.Min(passed / 4, 50)), ct);
                else if (!near && reader.Blocked) await Task.Delay(2, ct);
                else await WakeUp.Wait(seen, position == kept ? store.Options.PollInterval : TimeSpan.FromMilliseconds(KeepWithin), ct);
            }
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await Set(connection, "reset synchronous_commit", CancellationToken.None);
                await Ask<bool>(connection, Unlock, CancellationToken.None);
            }
        }
    }

    async Task Process(IReadOnlyList<RecordedEvent> page, long next, NpgsqlConnection connection, CancellationToken ct)
    {
        atWork = page[0].Sequence;
        await using var effects = new NpgsqlBatch(connection);
        var sql = new SqlBatch(effects).Add(Move, name, next, kept);
        await process(page, connection, sql, ct);
        if (sql.Count == 1) position = next;
        else if (await Execute(effects, ct)) (position, kept, unkeptSince) = (next, next, 0);
        else await Place(connection, ct);
        (failures, StuckAt, Error) = (0, null, null);
    }

    async Task Keep(bool now, NpgsqlConnection connection, CancellationToken ct)
    {
        if (position == kept) return;
        if (unkeptSince == 0) unkeptSince = Stopwatch.GetTimestamp();
        if (!now && position - kept < KeepEvery && Stopwatch.GetElapsedTime(unkeptSince).TotalMilliseconds < KeepWithin) return;
        unkeptSince = 0;
        await using var place = new NpgsqlBatch(connection);
        new SqlBatch(place).Add(Move, name, position, kept);
        if (await Execute(place, ct)) kept = position;
        else await Place(connection, ct);
    }

    /// <summary>False when somebody else (a rebuild, another replica) has moved the follower: then nothing happened.</summary>
    async Task<bool> Execute(NpgsqlBatch batch, CancellationToken ct)
    {
        try
        {
            await batch.ExecuteNonQueryAsync(ct);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DivisionByZero)
        {
            if (await Ask<long>(batch.Connection!, PlaceKept, ct) == kept) throw;
            return false;
        }
    }

    /// <summary>Takes up the place that was kept; what this process has passed since then needs not be passed again.</summary>
    async Task Place(NpgsqlConnection connection, CancellationToken ct)
    {
        var place = await Ask<long>(connection, PlaceKept, ct);
        if (place != kept) (position, kept, unkeptSince) = (place, place, 0);
    }

    static async Task Set(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    async Task<T> Ask<T>(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }
}
