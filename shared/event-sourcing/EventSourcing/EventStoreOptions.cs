using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using JasperFx;
using JasperFx.Events;
using Marten;
using Weasel.Core;

namespace CrmPlatform.EventSourcing;

/// <summary>What a service tells its store: aggregates, projections, subscriptions, old shapes of events.</summary>
public sealed class EventStoreOptions
{
    public EventStoreOptions() => Aggregate<Skips, IFollowerFact>("follower");

    internal EventTypes Events { get; } = new();
    internal StreamTypes Streams { get; } = new();
    internal List<(IProjection Projection, bool Inline)> Projections { get; } = [];
    internal List<ISubscription> Subscriptions { get; } = [];

    /// <summary>
    /// Seals personal parts of events before they are written, and opens them after they are read; null where a service keeps none. They
    /// work on the connection (and in the transaction) of the write or read: to ask the pool for a second one while holding the first would
    /// dead-lock under load.
    /// </summary>
    public Func<IReadOnlyList<object>, NpgsqlConnection, CancellationToken, ValueTask>? Seal { get; set; }

    /// <inheritdoc cref="Seal"/>
    public Func<IReadOnlyList<object>, NpgsqlConnection, CancellationToken, ValueTask>? Open { get; set; }

    /// <summary>Facts in one page of the daemon.</summary>
    public int PageSize { get; set; } = 1_000;

    /// <summary>How often a follower looks without having been woken: the longest delay when notifications are lost.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Folded states that are kept in memory: none at 0, else at least 3. A state is used again only at the version that the log has.
    /// </summary>
    public int CachedStates { get; set; } = 20_000;

    /// <summary>JSON of events: camelCase, enums by name, UTF-8 unescaped.</summary>
    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web)
        {
            Converters = { new JsonStringEnumConverter() },
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        };

    /// <summary>The events of the registered aggregates, without the store's own.</summary>
    public IEnumerable<Type> RegisteredEvents => Events.ByName.Values.Where(t => t != typeof(FollowerSkipped) && !Events.IsRetired(t));

    /// <summary>Registers an aggregate: every sealed record in TEvent's assembly that is a TEvent becomes a stored event.</summary>
    /// <param name="snapshots">
    /// Given, the state of its long streams is also kept as JSON, every 1,000 events, and loading begins there. It numbers the shape and
    /// meaning of the state: raise it whenever the record or its Evolve changes, and snapshots of other numbers count for nothing.
    /// </param>
    public EventStoreOptions Aggregate<TState, TEvent>(string streamType, int? snapshots = null)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class
    {
        Streams.Add(StreamType.Of<TState, TEvent>(streamType, snapshots));
        foreach (var type in typeof(TEvent).Assembly.GetTypes())
            if (type is { IsSealed: true, IsAbstract: false } && type.IsAssignableTo(typeof(TEvent)))
                Events.Add(type);
        return this;
    }

    /// <summary>A projection that runs in the append's own transaction.</summary>
    public EventStoreOptions Inline(IProjection projection)
    {
        Projections.Add((projection, true));
        return this;
    }

    /// <summary>A projection that runs behind the log, in the daemon.</summary>
    public EventStoreOptions Async(IProjection projection)
    {
        Projections.Add((projection, false));
        return this;
    }

    public EventStoreOptions Subscribe(ISubscription subscription)
    {
        Subscriptions.Add(subscription);
        return this;
    }

    /// <summary>Events that older versions recorded stay readable; nothing records or handles them any more.</summary>
    public EventStoreOptions Retired<TEvent>()
        where TEvent : class
    {
        Events.AddRetired(typeof(TEvent));
        return this;
    }

    /// <summary>Reads events stored as <paramref name="storedName"/> in the old shape and hands out the new one.</summary>
    public EventStoreOptions Upcast<TOld, TNew>(string storedName, Func<TOld, TNew> upcast)
        where TOld : class
        where TNew : class
    {
        Events.AddOld(storedName, upcast);
        return this;
    }

    /// <summary>
    /// Says to Marten what it must know of this log, and is the only place that does: the tables, the stored names and old shapes of
    /// events, their JSON. Whoever opens the log with Marten, the service itself, <c>migrate</c> or a test, configures its store by this.
    /// </summary>
    public StoreOptions Configure(StoreOptions marten)
    {
        marten.AutoCreateSchemaObjects = AutoCreate.None;
        // The naming policy and the converter of enums would be dropped from the options: they are said once more.
        marten.UseSystemTextJsonForSerialization(
            Json,
            EnumStorage.AsString,
            Casing.CamelCase,
            json =>
            {
                // Marten reads text in headers that looks like a date as one: an actor must come back as it was written.
                foreach (var guess in json.Converters.Where(c => c.CanConvert(typeof(object))).ToList())
                    json.Converters.Remove(guess);
            }
        );
        // A write whose outcome is unknown must stay so: it may be in the log.
        marten.ConfigureWritePolly(_ => { });
        marten.Events.StreamIdentity = StreamIdentity.AsGuid;
        var metadata = marten.Events.MetadataConfig;
        metadata.CorrelationIdEnabled = metadata.CausationIdEnabled = metadata.HeadersEnabled = true;
        Events.Register(marten.Events);
        return marten;
    }
}
