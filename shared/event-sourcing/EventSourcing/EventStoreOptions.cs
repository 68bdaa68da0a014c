using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using JasperFx;
using JasperFx.Events;
using Marten;
using Weasel.Core;

namespace CrmPlatform.EventSourcing;

/// <summary>The settings of a service's store: aggregates, projections, subscriptions, upcasters.</summary>
public sealed class EventStoreOptions
{
    public EventStoreOptions() => Aggregate<Skips, IFollowerFact>("follower");

    internal EventTypes Events { get; } = new();
    internal StreamTypes Streams { get; } = new();
    internal List<(IProjection Projection, bool Inline)> Projections { get; } = [];
    internal List<ISubscription> Subscriptions { get; } = [];

    /// <summary>
    /// Encrypt personal parts of events before they are written, and decrypt them after they are read; null in a service that has none.
    /// They use the connection (and the transaction) of the write or read: to take a second one from the pool while holding the first could
    /// deadlock under load.
    /// </summary>
    public Func<IReadOnlyList<object>, NpgsqlConnection, CancellationToken, ValueTask>? Seal { get; set; }

    /// <inheritdoc cref="Seal"/>
    public Func<IReadOnlyList<object>, NpgsqlConnection, CancellationToken, ValueTask>? Open { get; set; }

    /// <summary>How many events the daemon processes in one page at most.</summary>
    public int PageSize { get; set; } = 1_000;

    /// <summary>
    /// How often a follower polls while it reads the log itself, and how late its checkpoint passes events that it does not handle.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many states of streams are cached in memory: 0 for none, else at least 3. A stale state is noticed by the version check of the
    /// append.
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
    /// If given, a snapshot of the state is stored as JSON every 1,000 events, and long streams are loaded from there. It is the version of
    /// the state's shape and meaning: raise it whenever the record or its Evolve changes; snapshots of other versions are ignored.
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

    /// <summary>A projection that is written in the transaction of the append.</summary>
    public EventStoreOptions Inline(IProjection projection)
    {
        Projections.Add((projection, true));
        return this;
    }

    /// <summary>A projection that follows the log in the daemon.</summary>
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

    /// <summary>Events of older versions that are still readable but no longer recorded or handled.</summary>
    public EventStoreOptions Retired<TEvent>()
        where TEvent : class
    {
        Events.AddRetired(typeof(TEvent));
        return this;
    }

    /// <summary>Reads events stored as <paramref name="storedName"/> in the old shape and converts them to the new one.</summary>
    public EventStoreOptions Upcast<TOld, TNew>(string storedName, Func<TOld, TNew> upcast)
        where TOld : class
        where TNew : class
    {
        Events.AddOld(storedName, upcast);
        return this;
    }

    /// <summary>
    /// Configures Marten for this log: the tables, the stored names and old shapes of events, their JSON. It is the only place that does:
    /// whatever opens the log with Marten (the service, <c>migrate</c>, a test) uses it.
    /// </summary>
    public StoreOptions Configure(StoreOptions marten)
    {
        marten.AutoCreateSchemaObjects = AutoCreate.None;
        // Marten drops the naming policy and the enum converter from these options, so they are given again.
        marten.UseSystemTextJsonForSerialization(
            Json,
            EnumStorage.AsString,
            Casing.CamelCase,
            json =>
            {
                // Marten's converter turns a header that looks like a date into a date; an actor must be read back as it was written.
                foreach (var guess in json.Converters.Where(c => c.CanConvert(typeof(object))).ToList())
                    json.Converters.Remove(guess);
            }
        );
        // No retries: a write whose outcome is unknown may already be in the log.
        marten.ConfigureWritePolly(_ => { });
        marten.Events.StreamIdentity = StreamIdentity.AsGuid;
        var metadata = marten.Events.MetadataConfig;
        metadata.CorrelationIdEnabled = metadata.CausationIdEnabled = metadata.HeadersEnabled = true;
        Events.Register(marten.Events);
        return marten;
    }
}
