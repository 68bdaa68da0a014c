using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// One service of the platform: telemetry, health, tokens, problem details, store and messaging are the same everywhere and said here
/// once. A room's Program.cs names what is its own. Run with the argument <c>migrate</c> it creates its tables and ends; with
/// <c>permissions</c> it writes what its endpoints ask for, a line each, and ends.
/// </summary>
public sealed partial class CrmService
{
    readonly string[] args;
    readonly Reactions reactions = new();
    readonly List<Action<EventStoreOptions, IServiceProvider>> store = [];
    Func<RecordedEvent, OutgoingFact?>? feed;
    string? tables;

    CrmService(string context, string[] args)
    {
        (Context, this.args) = (context, args);
        Builder = WebApplication.CreateBuilder(args);
        Builder.Configuration["Context"] = context;
        Rows.Configure();
    }

    /// <summary>The tables that live beside the log: idempotency keys, dead letters, data keys.</summary>
    public const string Tables = Idempotency.Ddl + DeadLetters.Ddl + PersonalKeys.Ddl + Resend.Ddl;

    /// <summary>The tables that a room without a log has besides its own.</summary>
    public const string TablesOfReaders = DeadLetters.Ddl;

    public string Context { get; }
    public WebApplicationBuilder Builder { get; }
    public IServiceCollection Services => Builder.Services;

    public static CrmService Create(string context, string[] args) => new(context, args);

    /// <summary>What the room's folders hold: each says it in its <c>Slices.In</c>.</summary>
    public CrmService Add(params IEnumerable<Action<CrmService>> folders)
    {
        foreach (var folder in folders)
            folder(this);
        return this;
    }

    /// <param name="snapshots">See <see cref="EventStoreOptions.Aggregate"/>.</param>
    public CrmService Aggregate<TState, TEvent>(string streamType, int? snapshots = null)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class
    {
        store.Add((options, _) => options.Aggregate<TState, TEvent>(streamType, snapshots));
        return this;
    }

    /// <summary>Reads facts that were stored in an old shape and hands out the new one.</summary>
    public CrmService Upcast<TOld, TNew>(string storedName, Func<TOld, TNew> upcast)
        where TOld : class
        where TNew : class
    {
        store.Add((options, _) => options.Upcast(storedName, upcast));
        return this;
    }

    /// <summary>A read model of a stream's own facts, written with them.</summary>
    public CrmService Inline<T>()
        where T : class, IProjection => Project<T>((options, projection) => options.Inline(projection));

    /// <summary>A read model that crosses streams, milliseconds behind the log.</summary>
    public CrmService Async<T>()
        where T : class, IProjection => Project<T>((options, projection) => options.Async(projection));

    public CrmService Subscribe<T>()
        where T : class, ISubscription
    {
        Services.TryAddSingleton<T>();
        store.Add((options, services) => options.Subscribe(services.GetRequiredService<T>()));
        return this;
    }

    /// <summary>The one switch from domain events to contracts.</summary>
    /// <param name="translate">Null for a private event.</param>
    public CrmService Feed(Func<RecordedEvent, OutgoingFact?> translate)
    {
        feed = translate;
        return this;
    }

    /// <summary>The room only reads: it keeps no log, and writes what it hears into tables of its own.</summary>
    /// <param name="ddl">The tables, safe to make again; <c>:app</c> is the role that the service runs as.</param>
    public CrmService Reads<T>(string ddl)
        where T : class, IPacketHandler
    {
        tables = ddl;
        Services.AddSingleton<IPacketHandler, T>();
        return this;
    }

    public CrmService On<TFact, TReaction>()
        where TReaction : class, IReaction<TFact>
    {
        Services.TryAddSingleton<TReaction>();
        reactions.Add<TFact, TReaction>();
        return this;
    }

    /// <summary>What comes due by time alone.</summary>
    public CrmService Due<T>()
        where T : class, IDueWork
    {
        Services.AddSingleton<T>().AddPeriodic(s => new DueClock(s.GetRequiredService<T>(), s.GetRequiredService<DueRunner>()));
        return this;
    }

    /// <summary>What is done again and again.</summary>
    public CrmService Periodic<T>()
        where T : class, IPeriodic
    {
        Services.AddSingleton<T>().AddPeriodic(s => s.GetRequiredService<T>());
        return this;
    }

    /// <summary>Reads events that older versions recorded and nothing records any more; they are published no more either.</summary>
    public CrmService Retired<TEvent>()
        where TEvent : class
    {
        store.Add((options, _) => options.Retired<TEvent>());
        return this;
    }

    /// <summary>The service keeps personal data: its facts' personal parts are sealed with a key per person.</summary>
    public CrmService KeepsPersonalData()
    {
        Services.AddSingleton<PersonalKeys>();
        Services.AddSingleton<PersonalIndex>();
        store.Add(
            (options, services) =>
            {
                var keys = services.GetRequiredService<PersonalKeys>();
                (options.Seal, options.Open) = (keys.Seal, keys.Open);
            }
        );
        return Inline<KeyDestruction>();
    }

    CrmService Project<T>(Action<EventStoreOptions, IProjection> when)
        where T : class, IProjection
    {
        Services.TryAddSingleton<T>();
        store.Add((options, services) => when(options, services.GetRequiredService<T>()));
        return this;
    }
}
