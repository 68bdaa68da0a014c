namespace CrmPlatform.EventSourcing;

/// <summary>Adds the SQL of a page of events; may read rows on the connection first.</summary>
public delegate Task PageHandler(IReadOnlyList<RecordedEvent> page, NpgsqlConnection connection, SqlBatch sql, CancellationToken ct);

/// <summary>
/// Which events a projection handles, and how. It registers them once, at start-up; other events are neither read nor deserialized for it.
/// T is an event, or an interface: then all registered events that implement it. Each event has exactly one handler.
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

    /// <summary>
    /// Adds the SQL of one event. Events come in the order of the log. It must be pure: the SQL depends on the event only.
    /// </summary>
    public EventHandlers On<T>(Action<T, RecordedEvent, SqlBatch> add)
        where T : class => Add(typeof(T), (e, sql) => add((T)e.Data, e, sql), -1);

    /// <summary>
    /// Adds the SQL of all events of a page that are a T, in one call: so one statement can write many rows. In an inline projection, a
    /// page is what one transaction records. Page handlers run after those of <see cref="On{T}"/>: events whose order matters must have the
    /// same handler.
    /// </summary>
    public EventHandlers OnPage<T>(Action<IReadOnlyList<RecordedEvent>, SqlBatch> add)
        where T : class => Add(At(add), typeof(T));

    /// <inheritdoc cref="OnPage{T}"/>
    public EventHandlers OnPage<T1, T2>(Action<IReadOnlyList<RecordedEvent>, SqlBatch> add)
        where T1 : class
        where T2 : class => Add(At(add), typeof(T1), typeof(T2));

    /// <summary>
    /// As <see cref="OnPage{T}"/>, for a projection that reads its own rows before it writes them. If another replica or a rebuild has
    /// moved the projection since the page began, the transaction is rolled back. For async projections only: a write must not wait for
    /// reads.
    /// </summary>
    public EventHandlers OnFold<T>(PageHandler fold)
        where T : class => Fold(fold, typeof(T));

    /// <inheritdoc cref="OnFold{T}"/>
    public EventHandlers OnFold<T1, T2>(PageHandler fold)
        where T1 : class
        where T2 : class => Fold(fold, typeof(T1), typeof(T2));

    /// <inheritdoc cref="OnFold{T}"/>
    public EventHandlers OnFold<T1, T2, T3>(PageHandler fold)
        where T1 : class
        where T2 : class
        where T3 : class => Fold(fold, typeof(T1), typeof(T2), typeof(T3));

    EventHandlers Fold(PageHandler fold, params ReadOnlySpan<Type> wanted) =>
        Inline ? throw Wrong($"folds {wanted[0].Name} and is inline; expected On or OnPage, or an async projection") : Add(fold, wanted);

    /// <summary>
    /// Adds the SQL for those of the events that it handles. It leaves out blind appends that are being written (version 0), since only the
    /// database knows their version.
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
