using System.Data;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// One projection or subscription that follows the log. The process that holds its lease runs it, on the connection that holds the lease;
/// that each page takes effect once does not depend on the lease but on the <see cref="Checkpoint"/>. At an event that it cannot process
/// it stops, notes that it is stuck and retries with growing pauses. It never skips an event, unless an operator has said so.
/// </summary>
/// <param name="process">Adds the SQL of a page to the transaction that moves the checkpoint; a subscription acts elsewhere and adds
/// none.</param>
sealed class Follower(
    string name,
    IReadOnlySet<Type>? handles,
    TimeSpan rest,
    TimeSpan restUnderLoad,
    Func<IReadOnlyList<RecordedEvent>, NpgsqlConnection, SqlBatch, CancellationToken, Task> process
)
{
    readonly Checkpoint checkpoint = new(name);
    int limit,
        failures;

    /// <summary>Sequence before the page that is being read or processed.</summary>
    long before;
    volatile bool reportWanted;

    public string Name => name;
    public WakeUp WakeUp { get; } = new();
    public IReadOnlySet<Type>? Handles => handles;
    public TimeSpan Rest => rest;

    /// <summary>An operator has decided that this follower may skip an event.</summary>
    public WakeUp Skipped { get; } = new();

    /// <summary>
    /// Somebody asks how far the follower is: it checks whether somebody else has moved its checkpoint, follows the log, and saves the
    /// checkpoint at once.
    /// </summary>
    public void Report()
    {
        reportWanted = true;
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
                // Retry with a page of one event, then of 2, 4 …: the events before the failing one are processed, and it is found.
                (limit, failures) = (1, failures + 1);
                var pause = TimeSpan.FromMilliseconds(Math.Min(5_000, 50 * Math.Pow(2, Math.Min(failures, 10))));
                log.FollowerFailed(e, name, checkpoint.StuckAt > 0 ? checkpoint.StuckAt : null, failures, pause);
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

    /// <summary>Runs the follower for as long as this process holds its lease; returns at once when another process holds it.</summary>
    async Task Lead(NpgsqlDataSource db, EventStore store, LogTail tail, Leases leases, ILogger log, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        if (!await leases.TryTake(connection, name, ct))
            return;
        try
        {
            // A crash of the server can only lose effects and checkpoint together, and they are made again from the log: so these commits
            // need not wait for the disk.
            await connection.Execute("set synchronous_commit = off", ct);
            await checkpoint.Read(connection, ct);
            var reader = new LogReader(store, store.Options.Events.NamesOf(handles));
            while (true)
            {
                try
                {
                    await Step(store, tail, reader, connection, ct);
                }
                catch (Exception e) when (limit == 1 && connection.State == ConnectionState.Open && !ct.IsCancellationRequested)
                {
                    if (!await Skip(e, connection, log, ct))
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

    /// <summary>Processes one page, if there is one, and pauses after it.</summary>
    async Task Step(EventStore store, LogTail tail, LogReader reader, NpgsqlConnection connection, CancellationToken ct)
    {
        var (seen, asked, report) = (WakeUp.Signals, limit, reportWanted);
        if (report)
        {
            reportWanted = false;
            await checkpoint.Read(connection, ct);
        }
        before = checkpoint.Position;
        var inTail = tail.TryTake(before, limit, handles, out var page, out var next);
        if (!inTail)
            (page, next) = await reader.Read(connection, before, limit, ct);
        var passed = next - before;
        if (page.Count > 0)
            await Process(page, next, connection, ct);
        else if (inTail || !reader.Blocked)
            checkpoint.Position = next;
        if (checkpoint.StuckAt > 0 && checkpoint.Position >= checkpoint.StuckAt)
        {
            await checkpoint.NoteNotStuck(connection, ct);
            failures = 0;
        }
        if (passed > 0)
            limit = Math.Min(2 * limit, store.Options.PageSize);
        await checkpoint.Save(report, connection, ct);

        if ((inTail ? page.Count : passed) >= asked)
            return;
        // The more events came, the longer the pause: under load pages grow, and the same events take a tenth of the transactions. A
        // single event is not delayed.
        if (page.Count > 0 && rest > TimeSpan.Zero)
            await Task.Delay(rest + TimeSpan.FromMilliseconds(Math.Min(passed / 4, restUnderLoad.TotalMilliseconds)), ct);
        else if (!inTail && reader.Blocked)
            await Task.Delay(2, ct);
        else if (!checkpoint.IsSaved)
            await WakeUp.Wait(seen, TimeSpan.FromMilliseconds(Checkpoint.SaveWithin), ct);
        else
            await WakeUp.Wait(seen, inTail ? Timeout.InfiniteTimeSpan : store.Options.PollInterval, ct);
    }

    async Task Process(IReadOnlyList<RecordedEvent> page, long next, NpgsqlConnection connection, CancellationToken ct)
    {
        // A process that was suspended may have lost its lease, and its session was then ended: this query fails before it acts.
        if (checkpoint.SinceCheck > Leases.Beat && !await checkpoint.Read(connection, ct))
            return;
        before = page[0].Sequence - 1;
        await using var effects = new NpgsqlBatch(connection);
        var sql = checkpoint.AddMove(new(effects), next);
        await process(page, connection, sql, ct);
        if (sql.Count == 1)
            checkpoint.Position = next;
        else
            await checkpoint.Execute(effects, next, ct);
        failures = 0;
    }

    /// <summary>
    /// A page of one event has failed: skips the event if an operator has decided so, else notes that the follower is stuck at it.
    /// </summary>
    async Task<bool> Skip(Exception e, NpgsqlConnection connection, ILogger log, CancellationToken ct)
    {
        if (!await checkpoint.NoteStuck(before, e.GetType().Name, connection, ct))
            return false;
        log.EventSkipped(e, name, checkpoint.StuckAt);
        await checkpoint.MoveTo(checkpoint.StuckAt, connection, ct);
        return true;
    }
}
