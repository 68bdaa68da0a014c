using BitFaster.Caching.Lru;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// What decisions stand on: states that this process remembers, the log as it is now, or the log with the streams' rows locked.
/// </summary>
enum Basis
{
    Remembered,
    Fresh,
    Locked,
}

/// <summary>
/// Executes commands, one or many in one transaction, and gives each its own outcome. First on remembered states: one round trip, and the
/// append checks every version that was decided on. A refusal and a decision for nothing append nothing that could check them, so they ask
/// the log before they answer; but not where <see cref="EventSourcing.Write.NothingLasts"/>. After a conflict the group decides again with
/// its streams locked, so that every command ends in success or in the refusal of a rule.
/// </summary>
sealed class Writer(NpgsqlDataSource db, EventStore store, TimeProvider clock)
{
    const int Attempts = 10;

    readonly EventStoreOptions options = store.Options;
    readonly Loader loader = new(store);
    readonly EventHandlers[] inline = [.. store.Projections.Where(p => p.Inline)];
    readonly FastConcurrentLru<Guid, (object State, long Version, long KeptAt)>? states =
        store.Options.CachedStates == 0 ? null : new(store.Options.CachedStates);

    /// <summary>Returns when every command has its answer.</summary>
    public async Task Write(IReadOnlyList<Command> commands, Basis basis = Basis.Remembered)
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
        var ct = commands.Count == 1 ? commands[0].Cancelled : CancellationToken.None; // who gives up does not take the others with him
        for (var attempt = 1; ; attempt++)
            try
            {
                var asking = await Transact(commands, basis, ct);
                foreach (var command in commands)
                    if (!asking.Contains(command))
                        command.Answer();
                if (asking.Count > 0)
                    await Write(asking, Basis.Fresh);
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
            catch (Exception e) when (commands.Count > 1 && WasTakenBack(e))
            {
                // One of them is to blame, or waits for a lock: each goes on by itself, those on one stream one after the other.
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

    /// <returns>The commands that were decided on a memory that nothing proves; nothing was done for them.</returns>
    async Task<List<Command>> Transact(IReadOnlyList<Command> commands, Basis basis, CancellationToken ct)
    {
        var attempt = new Attempt(commands, options.Streams, id => states is not null && states.TryGet(id, out var known) ? known : null);
        var load = attempt.ToLoad(all: basis != Basis.Remembered);
        if (basis == Basis.Remembered && load.Count > 0 && commands is [{ Streams.Count: > 1 }])
            (basis, load) = (Basis.Locked, attempt.ToLoad(all: true));
        await using var connection = await db.OpenConnectionAsync(ct);
        var begun = basis == Basis.Locked;
        try
        {
            attempt.InboxRead = basis != Basis.Remembered || load.Count > 0;
            if (begun || load.Count > 0)
            {
                Guid[] messages = [.. commands.SelectMany(c => c.Messages).Distinct()];
                await loader.Load(connection, attempt, load, messages, begun, commands.Count > 1, ct);
            }
            var (asking, writing) = (new List<Command>(), new List<Command>(commands.Count));
            foreach (var command in commands)
                if (!attempt.Decide(command))
                    asking.Add(command);
                else if (command.Refusal is null)
                    writing.Add(command);
            if (await Append(connection, attempt, writing, begun, ct))
                begun = false;
            return asking;
        }
        finally
        {
            if (begun && connection.State == System.Data.ConnectionState.Open)
                await connection.Execute("rollback", CancellationToken.None);
        }
    }

    /// <param name="begun">True inside of a transaction, which this ends; otherwise the batch is one.</param>
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
        Remember(attempt);
        return written;
    }

    void Remember(Attempt attempt)
    {
        foreach (var stream in attempt.Streams)
            if (!stream.Blind && stream.Version > 0)
                states?.AddOrUpdate(stream.Id, (stream.State, stream.Version, stream.KeptAt));
    }

    /// <summary>PostgreSQL keeps microseconds; what is handed out must equal what is read back.</summary>
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
    /// PostgreSQL refused it or it never got there. A connection that broke may have broken after the commit: then nobody may try again.
    /// </summary>
    static bool WasTakenBack(Exception e) =>
        e is PostgresException { InvariantSeverity: "ERROR" } or not (NpgsqlException or OperationCanceledException);
}
