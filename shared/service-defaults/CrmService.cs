using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// One service of the platform: telemetry, health, tokens, problem details, store and messaging are the same everywhere and said here
/// once. A room's Program.cs names what is its own. Run with the argument <c>migrate</c> it creates its tables and ends.
/// </summary>
public sealed class CrmService
{
    readonly string[] args;
    readonly Reactions reactions = new();
    readonly List<Action<EventStoreOptions, IServiceProvider>> store = [];
    Func<RecordedEvent, OutgoingFact?>? feed;
    Type? neverPublished;

    CrmService(string context, string[] args)
    {
        (Context, this.args) = (context, args);
        Builder = WebApplication.CreateBuilder(args);
        Builder.Configuration["Context"] = context;
        Rows.Configure();
    }

    /// <summary>The tables that live beside the log: idempotency keys, dead letters, data keys.</summary>
    public const string Tables = Idempotency.Ddl + DeadLetters.Ddl + PersonalKeys.Ddl;

    public string Context { get; }
    public WebApplicationBuilder Builder { get; }
    public IServiceCollection Services => Builder.Services;

    public static CrmService Create(string context, string[] args) => new(context, args);

    /// <param name="snapshots">See <see cref="EventStoreOptions.Aggregate"/>.</param>
    public CrmService Aggregate<TState, TEvent>(string streamType, int? snapshots = null) where TState : class, IAggregate<TState, TEvent> where TEvent : class
    {
        store.Add((options, _) => options.Aggregate<TState, TEvent>(streamType, snapshots));
        return this;
    }

    /// <summary>Reads facts that were stored in an old shape and hands out the new one.</summary>
    public CrmService Upcast<TOld, TNew>(string storedName, Func<TOld, TNew> upcast) where TOld : class where TNew : class
    {
        store.Add((options, _) => options.Upcast(storedName, upcast));
        return this;
    }

    /// <summary>A read model of a stream's own facts, written with them.</summary>
    public CrmService Inline<T>() where T : class, IProjection => Project<T>((options, projection) => options.Inline(projection));

    /// <summary>A read model that crosses streams, milliseconds behind the log.</summary>
    public CrmService Async<T>() where T : class, IProjection => Project<T>((options, projection) => options.Async(projection));

    public CrmService Subscribe<T>() where T : class, ISubscription
    {
        Services.TryAddSingleton<T>();
        store.Add((options, services) => options.Subscribe(services.GetRequiredService<T>()));
        return this;
    }

    /// <summary>The one switch from domain events to contracts.</summary>
    /// <param name="translate">Null for a private event.</param>
    /// <param name="never">Facts of this kind are never published, so they are not even read.</param>
    public CrmService Feed(Func<RecordedEvent, OutgoingFact?> translate, Type? never = null)
    {
        (feed, neverPublished) = (translate, never);
        return this;
    }

    /// <summary>What is noted elsewhere in the transaction that records a fact.</summary>
    public CrmService Companion(Func<RecordedEvent, Write?> note)
    {
        store.Add((options, _) => options.Companion = note);
        return this;
    }

    public CrmService On<TFact, TReaction>() where TReaction : class, IReaction<TFact>
    {
        Services.TryAddSingleton<TReaction>();
        reactions.Add<TFact, TReaction>();
        return this;
    }

    /// <summary>What comes due by time alone.</summary>
    public CrmService Due<T>() where T : class, IDueWork
    {
        Services.AddSingleton<T>().AddPeriodic(s => new DueClock(s.GetRequiredService<T>(), s.GetRequiredService<DueRunner>()));
        return this;
    }

    /// <summary>What is done again and again.</summary>
    public CrmService Periodic<T>() where T : class, IPeriodic
    {
        Services.AddSingleton<T>().AddPeriodic(s => s.GetRequiredService<T>());
        return this;
    }

    /// <summary>Hears every fact that reaches this service, whatever its contract.</summary>
    public CrmService OnAny(Func<Fact, IEnumerable<Write>> reaction)
    {
        reactions.Add(reaction);
        return this;
    }

    /// <summary>The service keeps personal data: its facts' personal parts are sealed with a key per person.</summary>
    public CrmService KeepsPersonalData()
    {
        Services.AddSingleton<PersonalKeys>();
        Services.AddSingleton<PersonalIndex>();
        store.Add((options, services) =>
        {
            var keys = services.GetRequiredService<PersonalKeys>();
            (options.Seal, options.Open) = (keys.Seal, keys.Open);
        });
        return Inline<KeyDestruction>();
    }

    public async Task Run(Action<IEndpointRouteBuilder> map)
    {
        if (args is ["migrate", ..])
        {
            await Builder.Configuration.Migrate(Context);
            return;
        }
        AddServices();
        await using var app = Builder.Build();
        app.UseHttp();
        Health.Map(app);
        app.MapOpenApi().AllowAnonymous();
        DeadLetters.Map(app, Context);
        Operations.Map(app, Context);
        map(app);
        await app.Services.GetRequiredService<ProjectionDaemon>().Prepare();
        var stopping = app.Lifetime.ApplicationStopping;
        try { await app.RunAsync(); }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested) { return; } // asked to end before it had begun: no failure
    }

    CrmService Project<T>(Action<EventStoreOptions, IProjection> when) where T : class, IProjection
    {
        Services.TryAddSingleton<T>();
        store.Add((options, services) => when(options, services.GetRequiredService<T>()));
        return this;
    }

    void AddServices()
    {
        Builder.AddTelemetry(Context);
        var configuration = Builder.Configuration;
        Services.TryAddSingleton(TimeProvider.System);
        Services.AddOptions<Business>().BindConfiguration("Business").ValidateDataAnnotations().ValidateOnStart();
        Services.AddSingleton(s => s.GetRequiredService<IOptions<Business>>().Value);
        Builder.AddHttp(Context);
        Services.AddStore(configuration, Context, StoreOptions);
        Services.AddMessaging(configuration, Context, reactions, feed);
    }

    EventStoreOptions StoreOptions(IServiceProvider services)
    {
        var options = new EventStoreOptions();
        foreach (var add in store) add(options, services);
        if (feed is not null)
        {
            services.GetRequiredService<Outgoing>().Handles = options.RegisteredEvents.Where(t => neverPublished?.IsAssignableFrom(t) != true).ToHashSet();
            options.Subscribe(services.GetRequiredService<Feed>());
            options.Subscribe(services.GetRequiredService<PublicStream>());
        }
        return options;
    }
}
