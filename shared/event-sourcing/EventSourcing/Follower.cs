using System.Data;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// One projection or subscription on its way along the log. Whoever holds its lease runs it, on the connection that holds the lease. That a
/// page counts once does not depend on it: the place moves in the transaction of the effects, and only from where this follower left it. At
/// an event that it cannot process it stops, says so and tries again with growing pauses; it never skips, unless an operator has named the
/// event.
/// </summary>
/// <param name="process">Adds the SQL of a page to the transaction that moves the place; a subscription acts elsewhere and adds
/// none.</param>
sealed class Follower(
    string name,
    IReadOnlySet<Type>? handles,
    TimeSpan rest,
    Func<IReadOnlyList<RecordedEvent>, NpgsqlConnection, SqlBatch, CancellationToken, Task> process
)
{
    const string PlaceKept =
        "select array[p.last_seq_id, coalesce(s.seq_id, 0)] from mt_event_progression p left join follower_stuck s on s.name = p.name where p.name = $1";
    const string NotStuck = "with gone as (delete from follower_stuck where name = $1) select 0::bigint";
    const string Stuck = $"""
        with event as materialized ({Skips.Asked}),
        noted as (insert into follower_stuck (name, seq_id, error, holder)
            select $1, seq_id, $3, current_setting('application_name') || ' ' || pg_backend_pid() from event where passed = 0
            on conflict (name) do update set (seq_id, error, holder) = (excluded.seq_id, excluded.error, excluded.holder))
        select coalesce((select array[seq_id, passed] from event), array[0, 0]::bigint[])
        """;

    // Moved by somebody else meanwhile (a rebuild, another replica): division by zero, and the whole transaction with its effects is taken
    // back.
    const string Move = """
        update mt_event_progression set last_seq_id = case last_seq_id when $3 then $2 else $2 / (last_seq_id - last_seq_id) end, last_updated = now() where name = $1
        """;

    /// <summary>
    /// Where nothing was written the place is kept now and then: at most so many events or milliseconds are passed again after a crash.
    /// </summary>
    const int KeepEvery = 1_000,
        KeepWithin = 50;

    int limit,
        failures;
    long position,
        kept = -1,
        stuckAt,
        before,
        unkeptSince,
        heldAt;
    volatile bool hurry;

    public string Name => name;
    public WakeUp WakeUp { get; } = new();
    public IReadOnlySet<Type>? Handles => handles;
    public TimeSpan Rest => rest;

    /// <summary>An operator has named an event that this follower may pass.</summary>
    public WakeUp Skipped { get; } = new();

    /// <summary>Somebody wants to know how far it is: it looks whether it was moved, follows the log and keeps its place.</summary>
    public void Report()
    {
        hurry = true;
        WakeUp.Signal();
    }

    public async Task Run(NpgsqlDataSource db, EventStore store, LogTail tail, Leases leases, ILogger log, CancellationToken ct)
    {
        limit = store.Options.PageSize;
        while (!ct.IsCancellationRequested)
        {
            var (free, skipped) = (leases.Free.Signals, Skipped.Signals);
            try
            {
                await Lead(db, store, tail, leases, log, ct);
                await leases.Free.Wait(free, TimeSpan.FromSeconds(5), ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // From one event on, in growing pages: the event to blame is found, and those before it are not held up.
                (limit, failures) = (1, failures + 1);
                var pause = TimeSpan.FromMilliseconds(Math.Min(5_000, 50 * Math.Pow(2, Math.Min(failures, 10))));
                log.LogError(
                    e,
                    "{Follower} cannot go on at event {Sequence}, attempt {Attempt}; it tries again in {Pause}",
                    name,
                    stuckAt > 0 ? stuckAt : null,
                    failures,
                    pause
                );
                try
                {
                    await Skipped.Wait(skipped, pause, ct);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Runs the follower for as long as this process holds its lease; returns at once when another one does.</summary>
    async Task Lead(NpgsqlDataSource db, EventStore store, LogTail tail, Leases leases, ILogger log, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        if (!await leases.TryTake(connection, name, ct))
            return;
        try
        {
            // Effects and place are lost together, if at all, and then made again from the log: their commits need not wait for the disk.
            await connection.Execute("set synchronous_commit = off", ct);
            await Place(connection, ct);
            var reader = new LogReader(store, store.Options.Events.NamesOf(handles));
            while (true)
            {
                try
                {
                    await Step(store, tail, reader, connection, ct);
                }
                catch (Exception e) when (limit == 1 && connection.State == ConnectionState.Open && !ct.IsCancellationRequested)
                {
                    if (!await Pass(e, connection, log, ct))
                        throw;
                }
            }
        }
        finally
        {
            if (connection.State == ConnectionState.Open)
            {
                await connection.Execute("reset synchronous_commit", CancellationToken.None);
                await leases.Give(connection, name);
            }
        }
    }

    /// <summary>One page, if there is one, and the pause after it.</summary>
    async Task Step(EventStore store, LogTail tail, LogReader reader, NpgsqlConnection connection, CancellationToken ct)
    {
        var (seen, asked, report) = (WakeUp.Signals, limit, hurry);
        if (report)
        {
            hurry = false;
            await Place(connection, ct);
        }
        before = position;
        var near = tail.TryTake(position, limit, handles, out var page, out var next);
        if (!near)
            (page, next) = await reader.Read(connection, position, limit, ct);
        var passed = next - position;
        if (page.Count > 0)
            await Process(page, next, connection, ct);
        else if (near || !reader.Blocked)
            position = next;
        if (stuckAt > 0 && position >= stuckAt)
            (stuckAt, failures) = (await Ask<long>(connection, NotStuck, ct), 0);
        if (passed > 0)
            limit = Math.Min(2 * limit, store.Options.PageSize);
        await Keep(report, connection, ct);

        if ((near ? page.Count : passed) >= asked)
            return;
        // Under load pages grow while the follower breathes: the same events in a tenth of the transactions, for a delay that nobody alone
        // ever meets.
        if (page.Count > 0 && rest > TimeSpan.Zero)
            await Task.Delay(rest + TimeSpan.FromMilliseconds(Math.Min(passed / 4, 50)), ct);
        else if (!near && reader.Blocked)
            await Task.Delay(2, ct);
        else
            await WakeUp.Wait(seen, position == kept ? store.Options.PollInterval : TimeSpan.FromMilliseconds(KeepWithin), ct);
    }

    async Task Process(IReadOnlyList<RecordedEvent> page, long next, NpgsqlConnection connection, CancellationToken ct)
    {
        // A process that was stopped for a while learns here, before it acts, that its session with the lease was ended.
        if (Stopwatch.GetElapsedTime(heldAt) > Leases.Beat && !await Place(connection, ct))
            return;
        before = page[0].Sequence - 1;
        await using var effects = new NpgsqlBatch(connection);
        var sql = new SqlBatch(effects).Add(Move, name, next, kept);
        await process(page, connection, sql, ct);
        if (sql.Count == 1)
            position = next;
        else
            await Execute(effects, next, ct);
        failures = 0;
    }

    /// <summary>
    /// One event was asked for and cannot be processed. Passes it when an operator has said so, else notes for all replicas that the
    /// follower is stuck at it.
    /// </summary>
    async Task<bool> Pass(Exception e, NpgsqlConnection connection, ILogger log, CancellationToken ct)
    {
        if (await Ask<long[]>(connection, Stuck, ct, before, e.GetType().Name) is not [var at and > 0, var passed])
            return false;
        stuckAt = at;
        if (passed == 0)
            return false;
        log.LogWarning("{Follower} passes event {Sequence}, as an operator has said: {Error}", name, at, e.GetType().Name);
        await using var place = new NpgsqlBatch(connection);
        new SqlBatch(place).Add(Move, name, at, kept);
        await Execute(place, at, ct);
        return true;
    }

    async Task Keep(bool now, NpgsqlConnection connection, CancellationToken ct)
    {
        if (position == kept)
            return;
        if (unkeptSince == 0)
            unkeptSince = Stopwatch.GetTimestamp();
        if (!now && position - kept < KeepEvery && Stopwatch.GetElapsedTime(unkeptSince).TotalMilliseconds < KeepWithin)
            return;
        await using var place = new NpgsqlBatch(connection);
        new SqlBatch(place).Add(Move, name, position, kept);
        await Execute(place, position, ct);
    }

    /// <summary>
    /// Moves to the next place with what the batch holds; when somebody else (a rebuild, another replica) has moved the follower, nothing
    /// happens.
    /// </summary>
    async Task Execute(NpgsqlBatch batch, long next, CancellationToken ct)
    {
        try
        {
            await batch.ExecuteNonQueryAsync(ct);
            (position, kept, unkeptSince, heldAt) = (next, next, 0, Stopwatch.GetTimestamp());
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DivisionByZero)
        {
            if (await Place(batch.Connection!, ct))
                throw;
        }
    }

    /// <summary>
    /// Takes up the place that was kept; what this process has passed since then needs not be passed again. False when it was moved.
    /// </summary>
    async Task<bool> Place(NpgsqlConnection connection, CancellationToken ct)
    {
        var place = await Ask<long[]>(connection, PlaceKept, ct);
        (stuckAt, heldAt) = (place[1], Stopwatch.GetTimestamp());
        if (place[0] == kept)
            return true;
        (position, kept, unkeptSince) = (place[0], place[0], 0);
        return false;
    }

    async Task<T> Ask<T>(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] more) =>
        (T)(await connection.Ask(sql, ct, [name, .. more]))!;
}
