using System.Runtime.ExceptionServices;
using JasperFx.Events;
using Marten;
using Marten.Exceptions;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// The log of one service. A write loads the stream, decides, appends the events with their inline projections and commits: one round trip
/// to load, one to append. Where this process knows the stream's state already, only the second. Writes that wait at the same moment share
/// a transaction.
/// </summary>
public sealed partial class EventStore
{
    const int TooManyToShare = 16;

    internal const string Columns =
        "e.seq_id, e.id, e.stream_id, e.version, e.type, e.data, e.timestamp, e.correlation_id, e.causation_id, e.headers";
    internal const string LoadOne = $"select {Columns} from mt_events e where e.stream_id = $1 and e.version > $2 order by e.version";
    internal const string Load = $"""
        select {Columns}
        from unnest($1::uuid[], $2::bigint[]) s(id, known) join mt_events e on e.stream_id = s.id and e.version > s.known
        order by e.stream_id, e.version
        """;

    readonly NpgsqlDataSource db;
    readonly EventStoreOptions options;
    readonly StoredEvents stored;
    readonly Writer writer;
    readonly GroupCommit groups;

    /// <param name="writes">
    /// A pool that nobody else uses. Writes need two connections, rarely more, and a pool hands out the one that has rested longest: in a
    /// pool with many, each write meets another session of the server, whose memory is cold.
    /// </param>
    /// <param name="marten">Configured by <see cref="EventStoreOptions.Configure"/>; null makes one on <paramref name="db"/>.</param>
    public EventStore(
        NpgsqlDataSource db,
        EventStoreOptions options,
        TimeProvider clock,
        NpgsqlDataSource? writes = null,
        IDocumentStore? marten = null
    )
    {
        (this.db, this.options, Marten) = (db, options, marten ?? MartenOn(db, options));
        stored = new(Marten, options.Events);
        Projections = [.. options.Projections.Select(p => new EventHandlers(p.Projection, p.Inline, options.Events))];
        writer = new(writes ?? db, this, clock);
        groups = new(writer);
    }

    /// <summary>Every commit of this process: what other processes are told.</summary>
    internal WakeUp Committed { get; } = new();

    /// <summary>Something new may be in the log, from this process or another.</summary>
    internal WakeUp Appeared { get; } = new();

    internal EventStoreOptions Options => options;

    /// <summary>The log as Marten sees it: its schema, its types, and sessions that read.</summary>
    public IDocumentStore Marten { get; }

    /// <summary>What the projections have registered.</summary>
    internal IReadOnlyList<EventHandlers> Projections { get; }

    /// <inheritdoc cref="Schema.Install"/>
    public static Task Install(NpgsqlConnection owner, string appRole, string moreDdl = "", CancellationToken ct = default) =>
        Schema.Install(owner, appRole, moreDdl, ct);

    /// <summary>Names of the projections, for whoever may ask for a rebuild.</summary>
    public IReadOnlySet<string> ProjectionNames => Projections.Select(p => p.Projection.Name).ToHashSet();

    /// <summary>Stored name and shape of every event and snapshot, for the test that freezes them.</summary>
    public IReadOnlyDictionary<string, Type> StoredShapes =>
        options.Events.ByName.Concat(options.Streams.WithSnapshots.Select(s => KeyValuePair.Create(s.Snapshots!, s.State))).ToDictionary();

    /// <summary>
    /// Load · decide · append · project inline · commit. Without an expected version a conflict decides again, at last holding the streams'
    /// rows, so that every command ends in success or in the refusal of a rule.
    /// </summary>
    /// <exception cref="RuleViolationException">Thrown by the decision; nothing is recorded.</exception>
    /// <exception cref="StaleVersionException">The first stream is not at the version of <see cref="Request.IfMatch"/>.</exception>
    public async Task<WriteResult> Write(Request request, Write write) =>
        (
            await Execute(
                new Command([write], request.Cancelled)
                {
                    Metadata = request.Metadata,
                    ExpectedVersion = request.IfMatch,
                    Alongside = request.Key is { } key ? (results, sql) => key(results[0], sql) : null,
                }
            )
        )[0];

    /// <summary>
    /// Many decisions, one transaction, one append. Streams that must be loaded are locked in the order of their ids, so that groups never
    /// dead-lock.
    /// </summary>
    /// <param name="writes">Each has its own message, or none.</param>
    /// <param name="alongside">Adds statements that commit with them.</param>
    public Task<IReadOnlyList<WriteResult>> Execute(
        IReadOnlyList<Write> writes,
        Action<SqlBatch>? alongside = null,
        CancellationToken ct = default
    ) => Execute(new Command(writes, ct) { Alongside = alongside is null ? null : (_, sql) => alongside(sql) });

    /// <summary>
    /// Many decisions of one request in one transaction, as an import makes them. Its key and the version that it expects are for single
    /// commands.
    /// </summary>
    /// <param name="refusalsAsResults">
    /// False: the first broken rule is thrown and nothing is recorded. True: a refused write is left out and says so in its result.
    /// </param>
    public Task<IReadOnlyList<WriteResult>> Execute(Request request, IReadOnlyList<Write> writes, bool refusalsAsResults = false) =>
        Execute(new Command(writes, request.Cancelled) { Metadata = request.Metadata, RefusalsAsResults = refusalsAsResults });

    /// <summary>The state of a stream and its version; version 0 is a stream that is not there.</summary>
    public Task<(TState State, long Version)> Read<TState, TEvent>(Stream<TState, TEvent> stream, CancellationToken ct = default)
        where TState : class => Read(stream, null, null, ct);

    /// <param name="version">Fold up to this version only.</param>
    /// <param name="asOf">Fold what was recorded up to this instant only.</param>
    /// <inheritdoc cref="Read{TState,TEvent}(Stream{TState,TEvent},CancellationToken)"/>
    public async Task<(TState State, long Version)> Read<TState, TEvent>(
        Stream<TState, TEvent> stream,
        long? version,
        DateTimeOffset? asOf,
        CancellationToken ct = default
    )
        where TState : class
    {
        var type = options.Streams.Of(typeof(TState));
        var (state, at) = (type.Initial, 0L);
        foreach (var e in await Fetch(stream.Id, 0, version is null && asOf is null ? type.Snapshots : null, ct))
        {
            if (e.Version > version || e.RecordedAt > asOf)
                break;
            (state, at) = (type.Evolve(state, e.Data), e.Version);
        }
        return ((TState)state, at);
    }

    /// <summary>The events of a stream after a version, oldest first.</summary>
    public async Task<IReadOnlyList<RecordedEvent>> FetchStream(Guid streamId, long afterVersion = 0, CancellationToken ct = default)
    {
        await using var session = Marten.QuerySession();
        List<RecordedEvent> events;
        try
        {
            events = [.. (await session.Events.FetchStreamAsync(streamId, fromVersion: afterVersion + 1, token: ct)).Select(Recorded)];
        }
        catch (MartenCommandException e) when (e.InnerException is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause); // callers know what Npgsql throws
            throw;
        }
        if (events.Count == 0 || options.Open is null)
            return events;
        await using var connection = await db.OpenConnectionAsync(ct);
        await Open(events, connection, ct);
        return events;
    }

    /// <summary>
    /// A page of the log, for whoever goes through it once more. Where no follower has been yet, an event may still come before one that
    /// was read.
    /// </summary>
    /// <param name="wanted">The types to read; the others are passed.</param>
    /// <returns>The events in order, and the position that the page reaches: <paramref name="after"/> at the end of the log.</returns>
    public async Task<(IReadOnlyList<RecordedEvent> Events, long Position)> ReadLog(
        long after,
        int limit,
        IReadOnlySet<Type>? wanted,
        CancellationToken ct
    )
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await new LogReader(this, options.Events.NamesOf(wanted), ignoreHoles: true).Read(connection, after, limit, ct);
    }

    async Task<IReadOnlyList<RecordedEvent>> Fetch(Guid streamId, long afterVersion, string? snapshots, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = snapshots is null
            ? connection.Command(LoadOne, streamId, afterVersion)
            : connection.Command(Snapshots.Load, new[] { streamId }, new[] { afterVersion }, new[] { snapshots });
        var events = new List<RecordedEvent>();
        await using (var rows = await command.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                events.Add(ReadEvent(rows));
        await Open(events, connection, ct);
        return events;
    }

    async Task<IReadOnlyList<WriteResult>> Execute(Command command)
    {
        if (command.Writes.Count == 0)
            return [];
        if (command.RefusalsAsResults)
            await writer.Write([command], Basis.Locked);
        else if (command.Streams.Count > TooManyToShare)
            await writer.Write([command]);
        else
            await groups.Write(command);
        return await command.Outcome.WaitAsync(command.Cancelled);
    }

    static DocumentStore MartenOn(NpgsqlDataSource db, EventStoreOptions options)
    {
        var marten = new StoreOptions();
        marten.Connection(db);
        return new(options.Configure(marten));
    }

    static RecordedEvent Recorded(IEvent e) =>
        new(
            e.Id,
            e.StreamId,
            e.Version,
            e.Sequence,
            e.Data,
            new(e.CorrelationId, e.CausationId, e.GetHeader("actor")?.ToString(), e.GetHeader("traceParent")?.ToString()),
            e.Timestamp
        );

    internal RecordedEvent ReadEvent(NpgsqlDataReader row)
    {
        var headers = row.IsDBNull(9) ? null : JsonSerializer.Deserialize<Headers>(row.GetFieldValue<byte[]>(9), EventStoreOptions.Json);
        return new(
            row.GetGuid(1),
            row.GetGuid(2),
            row.GetInt64(3),
            row.GetInt64(0),
            stored.Read(row.GetString(4), row, 5),
            new(Text(7), Text(8), headers?.Actor, headers?.TraceParent),
            row.GetFieldValue<DateTimeOffset>(6)
        );

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }

    internal ValueTask Open(IReadOnlyList<RecordedEvent> events, NpgsqlConnection connection, CancellationToken ct) =>
        events.Count == 0 || options.Open is null ? ValueTask.CompletedTask : options.Open([.. events.Select(e => e.Data)], connection, ct);

    internal sealed record Headers(string? Actor, string? TraceParent);
}
