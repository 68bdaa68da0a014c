namespace CrmPlatform.EventSourcing;

/// <summary>Reads rows on the connection, where it has any to read, and adds the SQL of a page of events.</summary>
public delegate Task PageHandler(IReadOnlyList<RecordedEvent> page, NpgsqlConnection connection, SqlBatch sql, CancellationToken ct);

/// <summary>
/// What a projection does with which events. It says so once, at start; others are neither read nor deserialized for it. T is an event,
/// or an interface: then every registered event that is a T is meant. An event has one handler.
/// </summary>
public sealed class EventHandlers
{
    readonly EventTypes types;
    readonly Dictionary<Type, (Action<RecordedEvent, SqlBatch>? Each, int Page)> handlers = [];
    readonly List<PageHandler> pages = [];

    internal EventHandlers(IProjection projection, bool inline, EventTypes types)
    {
        (Projection, Inline, this.types) = (projection, inline, types);
        projection.Register(this);
        if (handlers.Count == 0)
            throw Wrong("registers no handler; expected On, OnPage or OnFold for at least one event");
        Handles = handlers.Keys.ToHashSet();
    }

    internal IProjection Projection { get; }
    internal bool Inline { get; }
    internal IReadOnlySet<Type> Handles { get; }

    /// <summary>Adds the SQL of one event. Events come in the order of the log. Pure: it sees nothing but the event.</summary>
    public EventHandlers On<T>(Action<T, RecordedEvent, SqlBatch> add)
        where T : class => Add(typeof(T), (e, sql) => add((T)e.Data, e, sql), -1);

    /// <summary>
    /// Adds the SQL of all events of a page that are a T, in their order, by one call: a statement for many rows. Inline, a page is what
    /// a transaction records. Page handlers come after <see cref="On{T}"/>: events whose order matters to one another need the same
    /// handler.
    /// </summary>
    public EventHandlers OnPage<T>(Action<IReadOnlyList<RecordedEvent>, SqlBatch> add)
        where T : class => Add(At(add), typeof(T));

    /// <inheritdoc cref="OnPage{T}"/>
    public EventHandlers OnPage<T1, T2>(Action<IReadOnlyList<RecordedEvent>, SqlBatch> add)
        where T1 : class
        where T2 : class => Add(At(add), typeof(T1), typeof(T2));

    /// <summary>
    /// As <see cref="OnPage{T}"/>, for a projection that folds: reads its rows on the connection, then adds what it writes. The transaction
    /// is taken back when somebody else has moved the projection since the page began. Async only: no write waits for a view to be read.
    /// </summary>
    public EventHandlers OnFold<T>(PageHandler fold)
        where T : class =>
        Inline ? throw Wrong($"folds {typeof(T).Name} and is inline; expected On or OnPage, or an async projection") : Add(fold, typeof(T));

    /// <summary>
    /// Adds the SQL of what it handles of these events. Without a version, they are blind appends of this moment, whose version only the
    /// database knows: those are left out.
    /// </summary>
    internal async Task Project(IReadOnlyList<RecordedEvent> events, NpgsqlConnection connection, SqlBatch sql, CancellationToken ct)
    {
        var parts = pages.Count == 0 ? [] : new List<RecordedEvent>?[pages.Count];
        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i];
            if (e.Version == 0 || !handlers.TryGetValue(e.Data.GetType(), out var handler))
                continue;
            if (handler.Each is { } add)
                add(e, sql);
            else
                (parts[handler.Page] ??= []).Add(e);
        }
        for (var i = 0; i < parts.Length; i++)
            if (parts[i] is { } part)
                await pages[i](part, connection, sql, ct);
    }

    static PageHandler At(Action<IReadOnlyList<RecordedEvent>, SqlBatch> add) =>
        (page, _, sql, _) =>
        {
            add(page, sql);
            return Task.CompletedTask;
        };

    EventHandlers Add(PageHandler handler, params ReadOnlySpan<Type> wanted)
    {
        pages.Add(handler);
        foreach (var type in wanted)
            Add(type, null, pages.Count - 1);
        return this;
    }

    EventHandlers Add(Type wanted, Action<RecordedEvent, SqlBatch>? each, int page)
    {
        foreach (var type in types.That(wanted, $"projection '{Projection.Name}'"))
            if (!handlers.TryAdd(type, (each, page)))
                throw Wrong($"handles {type.Name} a second time, as {wanted.Name}; expected one handler for an event");
        return this;
    }

    InvalidOperationException Wrong(string what) => new($"projection '{Projection.Name}' {what}");
}
