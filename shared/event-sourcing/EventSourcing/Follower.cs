using Microsoft.Extensions.Logging;
using Npgsql;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// One projection or subscription on its way along the log. Effects and progress commit together. At an event that it cannot process it stops,
/// says so and tries again with growing pauses; it never skips.
/// </summary>
sealed class Follower(string name, IReadOnlySet<Type>? handles, TimeSpan rest, Func<IReadOnlyList<RecordedEvent>, NpgsqlConnection, SqlBatch, CancellationToken, Task> process)
{
    // The page is read in a later statement than the lease is taken: its snapshot sees the progress that the last holder committed.
    const string TakeLease = "select last_seq_id from mt_event_progression where name = $1 for update skip locked";
    const string KeepProgress = "update mt_event_progression set last_seq_id = $2, last_updated = now() where name = $1";

    const int KeepEvery = 1_000, KeepWithin = 20;

    public string Name => name;
    public WakeUp WakeUp { get; } = new();
    public IReadOnlySet<Type>? Handles => handles;
    long kept, skimmed, lastPage;

    public long? StuckAt { get; private set; }
    public string? Error { get; private set; }

    public async Task Run(NpgsqlDataSource db, EventStore store, TimeProvider clock, ILogger log, CancellationToken ct)
    {
        var reader = new LogReader(store, store.Options.Events.NamesOf(handles));
        var (limit, failures) = (store.Options.PageSize, 0);
        while (!ct.IsCancellationRequested)
        {
            var seen = WakeUp.Signals;
            try
            {
                var step = await Step(db, reader, limit, ct);
                if (step is Outcome.Full or Outcome.Moved) failures = 0;
                if (step is Outcome.Full or Outcome.Moved or Outcome.Skimmed) limit = Math.Min(2 * limit, store.Options.PageSize);
                // Under load pages grow while the follower breathes: the same events in a tenth of the transactions, for a delay that nobody alone ever meets.
                if (step is Outcome.Moved or Outcome.Skimmed) await Task.Delay(Breath(), ct);
                if (step == Outcome.Blocked) await Task.Delay(2, ct);
                if (step == Outcome.Skimmed) await WakeUp.Wait(seen, TimeSpan.FromMilliseconds(KeepWithin), ct);
                if (step is Outcome.Idle or Outcome.LeaseElsewhere) await WakeUp.Wait(seen, store.Options.PollInterval, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                // From one event on, in growing pages: the event to blame is found, and those before it are not held up.
                (limit, failures) = (1, failures + 1);
                var pause = TimeSpan.FromMilliseconds(Math.Min(5_000, 50 * Math.Pow(2, Math.Min(failures, 10))));
                log.LogError(e, "{Follower} cannot go on at event {Sequence}, attempt {Attempt}; it tries again in {Pause}", name, StuckAt, failures, pause);
                try { await Task.Delay(pause, clock, ct); }
                catch (OperationCanceledException) { return; }
            }
        }
    }

    /// <summary>The follower's own pause when little happens, up to 50 ms more when pages hold hundreds of events.</summary>
    TimeSpan Breath() => rest + TimeSpan.FromMilliseconds(Math.Clamp(lastPage / 4, 0, 50));

    enum Outcome { Full, Moved, Skimmed, Idle, Blocked, LeaseElsewhere }

    async Task<Outcome> Step(NpgsqlDataSource db, LogReader reader, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        await using var lease = new NpgsqlCommand(TakeLease, connection, tx) { Parameters = { new() { Value = name } } };
        if (await lease.ExecuteScalarAsync(ct) is not long last) return Outcome.LeaseElsewhere;
        if (last != kept) (kept, skimmed) = (last, last);   // another replica has moved it
        IReadOnlyList<RecordedEvent> page = [];
        var position = skimmed;
        try
        {
            (page, position) = await reader.Read(connection, skimmed, limit, ct);
            lastPage = position - skimmed;
            if (reader.Blocked && lastPage == 0) return Outcome.Blocked;
            if (page.Count == 0) (StuckAt, Error) = (null, null);
            if (lastPage == 0 && skimmed == last) return Outcome.Idle;
            // Nothing for this follower: it goes on from here, and keeps the place only now and then.
            if (page.Count == 0 && lastPage > 0 && position - last < KeepEvery)
            {
                skimmed = position;
                return lastPage >= limit ? Outcome.Full : Outcome.Skimmed;
            }
            await using var batch = new NpgsqlBatch(connection, tx);
            var sql = new SqlBatch(batch);
            if (page.Count > 0) await process(page, connection, sql, ct);
            sql.Add(KeepProgress, name, position);
            await batch.ExecuteNonQueryAsync(ct);
            await tx.CommitAsync(ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One at a time: what cannot be read comes next after what was passed, what cannot be processed is on the page.
            if (limit == 1) (StuckAt, Error) = (page.Count > 0 ? page[0].Sequence : skimmed + 1, e.GetType().Name);
            throw;
        }
        (StuckAt, Error, kept, skimmed) = (null, null, position, position);
        return lastPage >= limit ? Outcome.Full : Outcome.Moved;
    }
}
