using System.Runtime.ExceptionServices;
using Marten;
using Marten.Exceptions;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// The log of one service. A write loads the stream, decides, appends the events together with their inline projections, and commits: one
/// round trip to load and one to append, or only the second when the stream's state is cached. Concurrent writes share a transaction (group
/// commit).
/// </summary>
public sealed partial class EventStore
{
    readonly NpgsqlDataSource db;
    readonly EventStoreOptions options;
    readonly Loader loader;
    readonly Writer writer;
    readonly GroupCommit groups;

    /// <param name="writes">
    /// A pool for writes only. Writes need two connections, rarely more. A pool hands out the connection that was idle longest, so in a
    /// large shared pool each write would get another server session, with cold caches.
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
        Stored = new(Marten, options.Events);
        loader = new(this);
        Projections = [.. options.Projections.Select(p => new EventHandlers(p.Projection, p.Inline, options.Events))];
        writer = new(writes ?? db, this, clock);
        groups = new(writer);
    }

    /// <summary>Signalled at every commit of this process, to notify other processes.</summary>
    internal WakeUp Committed { get; } = new();

    /// <summary>Signalled when the log may have new events, from this process or another.</summary>
    internal WakeUp Appeared { get; } = new();

    internal EventStoreOptions Options => options;
    internal StoredEvents Stored { get; }

    /// <summary>Marten's document store on this log: its schema, its event types, and read-only sessions.</summary>
    public IDocumentStore Marten { get; }

    /// <summary>What the projections have registered.</summary>
    internal IReadOnlyList<EventHandlers> Projections { get; }

    /// <inheritdoc cref="Schema.Install"/>
    public static Task Install(NpgsqlConnection owner, string appRole, string moreDdl = "", CancellationToken ct = default) =>
        Schema.Install(owner, appRole, moreDdl, ct);

    /// <summary>Names of the projections: those that can be rebuilt.</summary>
    public IReadOnlySet<string> ProjectionNames => Projections.Select(p => p.Projection.Name).ToHashSet();

    /// <summary>Stored name and shape of every event and snapshot, for the test that freezes them.</summary>
    public IReadOnlyDictionary<string, Type> StoredShapes =>
        options.Events.ByName.Concat(options.Streams.WithSnapshots.Select(s => KeyValuePair.Create(s.Snapshots!, s.State))).ToDictionary();

    /// <summary>The state of a stream and its version; a stream that does not exist has version 0.</summary>
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
        var snapshots = version is null && asOf is null ? type.Snapshots : null;
        await using var connection = await db.OpenConnectionAsync(ct);
        foreach (var e in await loader.Load(connection, stream.Id, 0, snapshots, ct))
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
        List<RecordedEvent> events;
        try
        {
            // Closed before the next connection is opened: a reader that held one and waited for another would block itself and others.
            await using var session = Marten.QuerySession();
            events =
            [
                .. (await session.Events.FetchStreamAsync(streamId, fromVersion: afterVersion + 1, token: ct)).Select(StoredEvents.From),
            ];
        }
        catch (MartenCommandException e) when (e.InnerException is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause); // callers handle the exceptions of Npgsql
            throw;
        }
        if (events.Count == 0 || options.Open is null)
            return events;
        await using var connection = await db.OpenConnectionAsync(ct);
        await Open(events, connection, ct);
        return events;
    }

    /// <summary>Single events, each by its stream and version, in no particular order; those that do not exist are left out.</summary>
    public async Task<IReadOnlyList<RecordedEvent>> ReadAt(
        IReadOnlyCollection<(Guid Stream, long Version)> places,
        CancellationToken ct = default
    )
    {
        if (places.Count == 0)
            return [];
        await using var connection = await db.OpenConnectionAsync(ct);
        var events = new List<RecordedEvent>(places.Count);
        await using (
            var command = connection.Command(
                $"""
                select {StoredEvents.Columns} from unnest($1::uuid[], $2::bigint[]) w(stream_id, version)
                    join mt_events e on e.stream_id = w.stream_id and e.version = w.version
                """,
                places.Select(p => p.Stream).ToArray(),
                places.Select(p => p.Version).ToArray()
            )
        )
        await using (var rows = await command.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                events.Add(Stored.Read(rows));
        await Open(events, connection, ct);
        return events;
    }

    /// <summary>
    /// A page of the log, for a reader that goes through it again. Read it only up to a position that followers have passed: beyond that, a
    /// slow transaction may still fill a gap before an event that was already read.
    /// </summary>
    /// <param name="wanted">The types to read; others are skipped.</param>
    /// <returns>The events in order, and the position after the page; it equals <paramref name="after"/> at the end of the log.</returns>
    public async Task<(IReadOnlyList<RecordedEvent> Events, long Position)> ReadLog(
        long after,
        int limit,
        IReadOnlySet<Type>? wanted,
        CancellationToken ct
    )
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await new LogReader(this, options.Events.NamesOf(wanted), ignoreGaps: true).Read(connection, after, limit, ct);
    }

    static DocumentStore MartenOn(NpgsqlDataSource db, EventStoreOptions options)
    {
        var marten = new StoreOptions();
        marten.Connection(db);
        return new(options.Configure(marten));
    }

    internal ValueTask Open(IReadOnlyList<RecordedEvent> events, NpgsqlConnection connection, CancellationToken ct) =>
        events.Count == 0 || options.Open is null ? ValueTask.CompletedTask : options.Open([.. events.Select(e => e.Data)], connection, ct);
}
