using BitFaster.Caching.Lru;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// Which states decisions use: cached ones, those just loaded from the log, or those loaded while the streams' rows are locked.
/// </summary>
enum Basis
{
    Cached,
    Fresh,
    Locked,
}

/// <summary>
/// Executes commands, one or many in one transaction, each with its own outcome. The first attempt uses cached states and needs one round
/// trip: the append checks every version that was decided on. A refusal, or a decision to do nothing, appends nothing, so no append checks
/// it: it is decided again on the log, unless <see cref="EventSourcing.Write.NothingLasts"/>. After a conflict the whole group is decided
/// again with its streams locked, so that every command ends in success or is refused by a rule.
/// </summary>
sealed class Writer(NpgsqlDataSource db, EventStore store, TimeProvider clock)
{
    const int Attempts = 10;

    readonly EventStoreOptions options = store.Options;
    readonly Loader loader = new(store);
    readonly EventHandlers[] inline = [.. store.Projections.Where(p => p.Inline)];
    readonly FastConcurrentLru<Guid, (object State, long Version, long SnapshotAt)>? states =
        store.Options.CachedStates == 0 ? null : new(store.Options.CachedStates);

    /// <summary>Returns when every command is answered.</summary>
    public async Task Write(IReadOnlyList<Command> commands, Basis basis = Basis.Cached)
    {
        try
        {
            await Try(commands, basis);
        }
        catch (Exception e)
        {
            foreach (var command in commands)
            {
                command.Fail(e);
                command.Answer();
            }
        }
    }

    async Task Try(IReadOnlyList<Command> commands, Basis basis)
    {
        // One caller's cancellation must not cancel the commands of others.
        var ct = commands.Count == 1 ? commands[0].Cancelled : CancellationToken.None;
        for (var attempt = 1; ; attempt++)
            try
            {
                var undecided = await Transact(commands, basis, ct);
                foreach (var command in commands)
                    if (!undecided.Contains(command))
                        command.Answer();
                if (undecided.Count > 0)
                    await Write(undecided, Basis.Fresh);
                return;
            }
            catch (PostgresException e) when (IsConflict(e) && attempt < Attempts)
            {
                foreach (var stream in commands.SelectMany(c => c.Streams))
                    states?.TryRemove(stream);
                StoreMetrics.Retries.Add(1);
                if (basis == Basis.Locked)
                    await Task.Delay(Random.Shared.Next(1, 5 * attempt), ct);
                basis = Basis.Locked;
            }
            catch (Exception e) when (commands.Count > 1 && WasRolledBack(e))
            {
                // One command failed or waits for a lock, so now each is executed alone; those on the same stream one after the other.
                await Task.WhenAll(
                    commands
                        .GroupBy(c => c.Streams[0])
                        .Select(async same =>
                        {
                            foreach (var command in same)
                                await Write([command], basis);
                        })
                );
                return;
            }
    }

    /// <returns>The commands that must be decided again on the log (see <see cref="Attempt.Decide"/>); nothing was done for them.</returns>
    async Task<List<Command>> Transact(IReadOnlyList<Command> commands, Basis basis, CancellationToken ct)
    {
        var attempt = new Attempt(commands, options.Streams, id => states is not null && states.TryGet(id, out var known) ? known : null);
        var load = attempt.ToLoad(all: basis != Basis.Cached);
        if (basis == Basis.Cached && load.Count > 0 && commands is [{ Streams.Count: > 1 }])
            (basis, load) = (Basis.Locked, attempt.ToLoad(all: true));
        await using var connection = await db.OpenConnectionAsync(ct);
        var begun = basis == Basis.Locked;
        try
        {
            attempt.InboxRead = basis != Basis.Cached || load.Count > 0;
            if (begun || load.Count > 0)
            {
                Guid[] messages = [.. commands.SelectMany(c => c.Messages).Distinct()];
                await loader.Load(connection, attempt, load, messages, begun, commands.Count > 1, ct);
            }
            var (undecided, writing) = (new List<Command>(), new List<Command>(commands.Count));
            foreach (var command in commands)
                if (!attempt.Decide(command))
                    undecided.Add(command);
                else if (command.Refusal is null)
                    writing.Add(command);
            if (await Append(connection, attempt, writing, begun, ct))
                begun = false;
            return undecided;
        }
        finally
        {
            if (begun && connection.State == System.Data.ConnectionState.Open)
                await connection.Execute("rollback", CancellationToken.None);
        }
    }

    /// <param name="begun">A transaction is open, and the batch commits it; otherwise the batch is a transaction of its own.</param>
    /// <returns>Whether there was anything to write.</returns>
    async Task<bool> Append(NpgsqlConnection connection, Attempt attempt, List<Command> writing, bool begun, CancellationToken ct)
    {
        var recorded = attempt.Record(Instant());
        if (recorded.Count > 0 && options.Seal is { } seal)
            await seal([.. recorded.Select(r => r.Data)], connection, ct);
        await using var batch = new NpgsqlBatch(connection);
        var sql = new SqlBatch(batch);
        if (writing.Count > 1 && !begun && recorded.Count > 0)
            sql.Add("select set_config('lock_timeout', '1s', true)");
        if (attempt.Executed.Count > 0)
            sql.Add("insert into inbox (message_id) select unnest($1::uuid[])", attempt.Executed.Distinct().ToArray());
        EventSourcing.Append.Add(sql, attempt, recorded, options.Events);
        Snapshots.Add(sql, attempt);
        foreach (var projection in inline)
            await projection.Project(recorded, connection, sql, ct);
        foreach (var command in writing)
            command.Alongside?.Invoke(command.Results!, sql);
        var written = sql.Count > 0;
        if (written)
        {
            if (begun)
                sql.Add("commit");
            var started = clock.GetTimestamp();
            await batch.ExecuteNonQueryAsync(ct);
            StoreMetrics.AppendDuration.Record(clock.GetElapsedTime(started).TotalSeconds);
            StoreMetrics.Appended.Add(recorded.Count);
        }
        if (recorded.Count > 0)
        {
            store.Committed.Signal();
            store.Appeared.Signal();
        }
        Cache(attempt);
        return written;
    }

    void Cache(Attempt attempt)
    {
        foreach (var stream in attempt.Streams)
            if (!stream.Blind && stream.Version > 0)
                states?.AddOrUpdate(stream.Id, (stream.State, stream.Version, stream.SnapshotAt));
    }

    /// <summary>The current time in microseconds, as PostgreSQL stores it: so results equal what is read back.</summary>
    DateTimeOffset Instant()
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    static bool IsConflict(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DivisionByZero
        || (
            e.SqlState == PostgresErrorCodes.UniqueViolation
            && e.ConstraintName is "pk_mt_events_stream_and_version" or "pkey_mt_streams_id" or "inbox_pkey"
        );

    /// <summary>
    /// True when the transaction was certainly rolled back. After a broken connection that is unknown, since it may have committed: then it
    /// must not be retried.
    /// </summary>
    static bool WasRolledBack(Exception e) =>
        e is PostgresException { InvariantSeverity: "ERROR" } or not (NpgsqlException or OperationCanceledException);
}
