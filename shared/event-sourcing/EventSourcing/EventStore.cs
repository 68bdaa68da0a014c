using System.Text.Json;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// The log of one service. A write loads the stream, decides, appends the facts with their inline projections and commits:
/// one round trip to load, one to append. Where this process knows the stream's state already, only the second.
/// </summary>
public sealed class EventStore : IDisposable
{
    const int OptimisticAttempts = 2, LockedAttempts = 10;
    const string Load = """
        select e.seq_id, e.id, e.stream_id, e.version, e.type, e.data, e.timestamp, e.correlation_id, e.causation_id, e.headers
        from unnest($1::uuid[], $2::bigint[]) s(id, known) join mt_events e on e.stream_id = s.id and e.version > s.known
        order by e.stream_id, e.version
        """;

    readonly NpgsqlDataSource db;
    readonly EventStoreOptions options;
    readonly TimeProvider clock;
    readonly MemoryCache states;

    public EventStore(NpgsqlDataSource db, EventStoreOptions options, TimeProvider clock)
    {
        (this.db, this.options, this.clock) = (db, options, clock);
        states = new(new MemoryCacheOptions { SizeLimit = options.CachedStates });
    }

    /// <summary>Every commit of this process: what other processes are told.</summary>
    internal WakeUp Committed { get; } = new();

    /// <summary>Something new may be in the log, from this process or another.</summary>
    internal WakeUp Appeared { get; } = new();

    internal EventStoreOptions Options => options;

    /// <summary>Names of the projections, for whoever may ask for a rebuild.</summary>
    public IReadOnlySet<string> ProjectionNames => options.Projections.Select(p => p.Projection.Name).ToHashSet();

    /// <summary>Stored name and shape of every fact, for the test that freezes them.</summary>
    public IReadOnlyDictionary<string, Type> StoredFacts => options.Events.ByName;

    /// <summary>
    /// Load · decide · append · project inline · commit. Without an expected version a conflict decides again: a few times from a fresh
    /// load, then holding the stream's row, so that every command ends in success or in the refusal of a rule.
    /// </summary>
    /// <param name="expectedVersion">
    /// The version that the caller saw (<c>If-Match</c>); another one is a <see cref="StaleVersionException"/>. Zero is a stream that is not there yet: nothing is loaded.
    /// </param>
    /// <param name="once">Id of the message behind the command: seen before, it does nothing.</param>
    /// <exception cref="RuleViolationException">Thrown by <paramref name="decide"/>; nothing is recorded.</exception>
    public async Task<WriteResult> WriteToAggregate<TState, TEvent>(Guid streamId, Func<TState, TEvent[]> decide,
        long? expectedVersion = null, Guid? once = null, CancellationToken ct = default)
        where TState : class, IAggregate<TState, TEvent> where TEvent : class
    {
        var write = Write.To(streamId, decide, once);
        if (await TryKnown([write], expectedVersion, ct) is { } known) return known[0];
        if (once is null)
            for (var attempt = 0; attempt < OptimisticAttempts; attempt++)
                if (await TryWrite(write, expectedVersion, ct) is { } done)
                    return done;
        return (await WriteLocked([write], expectedVersion, refusalsAsResults: false, ct))[0];
    }

    /// <summary>
    /// Many decisions, one transaction. Streams are locked in the order of their ids, so that groups never conflict or dead-lock; one append.
    /// </summary>
    /// <param name="refusalsAsResults">
    /// False: the first broken rule is thrown and nothing is recorded. True: a refused write is left out and says so in its result (bulk import).
    /// </param>
    public async Task<IReadOnlyList<WriteResult>> WriteToAggregates(IReadOnlyList<Write> writes, bool refusalsAsResults = false, CancellationToken ct = default)
        => (refusalsAsResults ? null : await TryKnown(writes, expectedVersion: null, ct)) ?? await WriteLocked(writes, expectedVersion: null, refusalsAsResults, ct);

    /// <summary>The state of a stream and its version; version 0 is a stream that is not there.</summary>
    /// <param name="version">Fold up to this version only.</param>
    /// <param name="asOf">Fold what was recorded up to this instant only.</param>
    public async Task<(TState State, long Version)> AggregateStream<TState, TEvent>(Guid streamId, long? version = null, DateTimeOffset? asOf = null, CancellationToken ct = default)
        where TState : class, IAggregate<TState, TEvent> where TEvent : class
    {
        var (state, at) = (TState.Initial, 0L);
        foreach (var e in await FetchStream(streamId, ct: ct))
        {
            if (e.Version > version || e.RecordedAt > asOf) break;
            (state, at) = (e.Data is TEvent fact ? state.Evolve(fact) : state, e.Version);
        }
        return (state, at);
    }

    /// <summary>The facts of a stream after a version, oldest first.</summary>
    public async Task<IReadOnlyList<RecordedEvent>> FetchStream(Guid streamId, long afterVersion = 0, CancellationToken ct = default)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Load, connection);
        command.Parameters.Add(new() { Value = new[] { streamId } });
        command.Parameters.Add(new() { Value = new[] { afterVersion } });
        var events = new List<RecordedEvent>();
        await using (var rows = await command.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                events.Add(ReadEvent(rows));
        await Open(events, connection, ct);
        return events;
    }

    public void Dispose() => states.Dispose();

    /// <summary>
    /// One round trip, nothing loaded, nothing locked: decides on the states that this process remembers. Each stream's append checks the version of
    /// the state that was decided on, and the inbox its messages, so a stale memory records nothing. Null: it was stale, or it does not tell for
    /// certain, because a stream is unknown, a rule says no or a decision has nothing to append; then the log must be asked.
    /// </summary>
    async Task<IReadOnlyList<WriteResult>?> TryKnown(IReadOnlyList<Write> writes, long? expectedVersion, CancellationToken ct)
    {
        var streams = Fold.Of(writes, Cached);
        if (expectedVersion != 0 && !streams.AllKnown) return null;
        IReadOnlyList<WriteResult> results;
        try { results = streams.Decide(writes, expectedVersion, refusalsAsResults: false); }
        catch (Exception no) when (no is RuleViolationException or StaleVersionException) { return null; }
        if (!streams.AllGrow) return null;
        await using var connection = await db.OpenConnectionAsync(ct);
        return await Attempt(connection, streams, results, Messages(writes), ct) ? results : null;
    }

    /// <summary>The optimistic way: null means that somebody else wrote in between.</summary>
    async Task<WriteResult?> TryWrite(Write write, long? expectedVersion, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var streams = Fold.Of([write], Cached);
        await using (var load = new NpgsqlBatch(connection))
        {
            new SqlBatch(load).Add(Load, streams.Ids, streams.KnownVersions);
            await ReadInto(streams, load, ct);
        }
        var results = streams.Decide([write], expectedVersion, refusalsAsResults: false);
        return await Attempt(connection, streams, results, [], ct) ? results[0] : null;
    }

    /// <summary>Appends where every version still is what was decided on; otherwise records and remembers nothing.</summary>
    async Task<bool> Attempt(NpgsqlConnection connection, Fold streams, IReadOnlyList<WriteResult> results, Guid[] messages, CancellationToken ct)
    {
        try
        {
            await Commit(connection, streams, results, messages, begun: false, ct);
            return true;
        }
        catch (PostgresException e) when (Conflict(e))
        {
            foreach (var stream in streams.Streams) states.Remove(stream.Id);
            StoreMetrics.Retries.Add(1);
            return false;
        }
    }

    /// <summary>Begin and commit travel with the first and the last statements: two round trips.</summary>
    async Task<IReadOnlyList<WriteResult>> WriteLocked(IReadOnlyList<Write> writes, long? expectedVersion, bool refusalsAsResults, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var connection = await db.OpenConnectionAsync(ct);
            var (begun, committed) = (false, false);
            try
            {
                var streams = Fold.Of(writes, Cached);
                var messages = Messages(writes);
                HashSet<Guid> seen = [];
                await using (var load = new NpgsqlBatch(connection))
                {
                    new SqlBatch(load)
                        .Add("begin")
                        .Add("select id from mt_streams where id = any($1) order by id for no key update", streams.Ids)
                        .Add("select message_id from inbox where message_id = any($1)", messages)
                        .Add(Load, streams.Ids, streams.KnownVersions);
                    begun = true;
                    await ReadInto(streams, load, ct, seen);
                }
                var results = streams.Decide(writes, expectedVersion, refusalsAsResults, seen);
                committed = await Commit(connection, streams, results, [.. messages.Where(m => !seen.Contains(m) && !streams.RefusedMessages.Contains(m))], begun: true, ct);
                return results;
            }
            catch (PostgresException e) when (Conflict(e) && attempt < LockedAttempts)
            {
                foreach (var write in writes) states.Remove(write.StreamId);
                StoreMetrics.Retries.Add(1);
                await Rollback();
                await Task.Delay(Random.Shared.Next(1, 5 * attempt), ct);
            }
            finally { await Rollback(); }

            async Task Rollback()
            {
                if (!begun || committed || connection.State != System.Data.ConnectionState.Open) return;
                begun = false;
                await using var rollback = new NpgsqlCommand("rollback", connection);
                await rollback.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }

    async Task ReadInto(Fold streams, NpgsqlBatch load, CancellationToken ct, HashSet<Guid>? seen = null)
    {
        List<RecordedEvent> events = [];
        await using (var rows = await load.ExecuteReaderAsync(ct))
        {
            if (seen is not null)
            {
                await rows.NextResultAsync(ct);
                while (await rows.ReadAsync(ct)) seen.Add(rows.GetGuid(0));
                await rows.NextResultAsync(ct);
            }
            while (await rows.ReadAsync(ct)) events.Add(ReadEvent(rows));
        }
        await Open(events, load.Connection!, ct);
        foreach (var e in events) streams.Replay(e);
    }

    /// <param name="begun">True inside of a transaction, which this ends; otherwise the batch is one.</param>
    /// <returns>Whether anything was written.</returns>
    async Task<bool> Commit(NpgsqlConnection connection, Fold streams, IReadOnlyList<WriteResult> results, Guid[] messages, bool begun, CancellationToken ct)
    {
        var scope = WriteScope.Current;
        var recorded = streams.Record(scope?.Metadata ?? EventMetadata.None, Instant(), options.Companion);
        if (recorded.Count > 0 && options.Cipher is { } cipher) await cipher.Seal([.. recorded.Select(r => r.Data)], connection, ct);
        await using var batch = new NpgsqlBatch(connection);
        var sql = new SqlBatch(batch);
        if (messages.Length > 0) sql.Add("insert into inbox (message_id) select unnest($1::uuid[])", messages);
        Append.Add(sql, streams, recorded, options.Events);
        foreach (var (projection, lifecycle) in options.Projections)
            if (lifecycle == ProjectionLifecycle.Inline)
                foreach (var e in recorded)
                    if (e.Version > 0 && projection.Handles?.Contains(e.Data.GetType()) != false)
                        projection.Project(e, sql);
        scope?.Alongside?.Invoke(results, sql);
        var written = sql.Count > 0;
        if (written)
        {
            if (begun) sql.Add("commit");
            var started = clock.GetTimestamp();
            await batch.ExecuteNonQueryAsync(ct);
            StoreMetrics.AppendDuration.Record(clock.GetElapsedTime(started).TotalSeconds);
            StoreMetrics.Appended.Add(recorded.Count);
        }
        if (scope is not null) scope.Alongside = null;
        foreach (var (id, state, version) in streams.Results()) states.Set(id, (state, version), new MemoryCacheEntryOptions { Size = 1 });
        if (recorded.Count > 0)
        {
            Committed.Signal();
            Appeared.Signal();
        }
        return written;
    }

    static Guid[] Messages(IReadOnlyList<Write> writes) => [.. writes.Where(w => w.Once is not null).Select(w => w.Once!.Value).Distinct()];

    (object State, long Version)? Cached(Guid streamId) => states.TryGetValue(streamId, out (object, long) known) ? known : null;

    /// <summary>PostgreSQL keeps microseconds; what is handed out must equal what is read back.</summary>
    DateTimeOffset Instant()
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    static bool Conflict(PostgresException e) => e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
        || (e.SqlState == PostgresErrorCodes.UniqueViolation && e.ConstraintName is "pk_mt_events_stream_and_version" or "mt_streams_pkey" or "inbox_pkey");

    internal RecordedEvent ReadEvent(NpgsqlDataReader row)
    {
        var headers = row.IsDBNull(9) ? null : JsonSerializer.Deserialize<Headers>(row.GetFieldValue<byte[]>(9), EventStoreOptions.Json);
        return new(row.GetGuid(1), row.GetGuid(2), row.GetInt64(3), row.GetInt64(0), options.Events.Read(row.GetString(4), row.GetFieldValue<byte[]>(5)),
            new(Text(7), Text(8), headers?.Actor, headers?.TraceParent), row.GetFieldValue<DateTimeOffset>(6));

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }

    internal ValueTask Open(IReadOnlyList<RecordedEvent> events, NpgsqlConnection connection, CancellationToken ct) =>
        events.Count == 0 || options.Cipher is null ? ValueTask.CompletedTask : options.Cipher.Open([.. events.Select(e => e.Data)], connection, ct);

    internal sealed record Headers(string? Actor, string? TraceParent);
}
