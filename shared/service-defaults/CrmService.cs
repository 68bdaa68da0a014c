using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// One service of the platform (a room). Telemetry, health checks, tokens, problem details, event store and messaging are configured here,
/// the same for every room; Program.cs adds what is specific to one. With the argument <c>migrate</c> the program creates its tables and
/// exits; with <c>permissions</c> it prints the permissions that its endpoints require, one per line; with <c>health</c> it asks the
/// service that runs beside it whether it is ready.
/// </summary>
public sealed partial class CrmService
{
    readonly string[] args;
    readonly Reactions reactions = new();
    readonly List<Action<EventStoreOptions, IServiceProvider>> store = [];
    readonly Dictionary<string, HashSet<string>> settings = new(StringComparer.OrdinalIgnoreCase);
    Func<RecordedEvent, OutgoingFact?>? feed;
    string? tables;

    CrmService(string context, string[] args)
    {
        (Context, this.args) = (context, args);
        Builder = WebApplication.CreateBuilder(args);
        Builder.Configuration["Context"] = context;
        Builder.AddLogs(context);
        Rows.Configure();
    }

    /// <summary>The tables beside the event log: idempotency keys, dead letters, data keys, reads of personal text, resends.</summary>
    public const string Tables =
        Idempotency.Ddl + DeadLetters.Ddl + PersonalKeys.Ddl + PersonalReadTable.Ddl + Resend.Ddl + ErasureFile.Ddl;

    /// <summary>The tables that a room without an event log has besides its own.</summary>
    public const string TablesOfReaders = DeadLetters.Ddl;

    public string Context { get; }
    public WebApplicationBuilder Builder { get; }
    public IServiceCollection Services => Builder.Services;

    public static CrmService Create(string context, string[] args) => new(context, args);

    /// <summary>The names of an options type's properties are the settings that its section may have.</summary>
    internal void Know(string section, Type options)
    {
        if (!settings.TryGetValue(section, out var names))
            settings[section] = names = new(StringComparer.OrdinalIgnoreCase);
        names.UnionWith(options.GetProperties().Where(p => p.CanWrite || IsList(p.PropertyType)).Select(p => p.Name));

        static bool IsList(Type type) => type != typeof(string) && type.IsAssignableTo(typeof(System.Collections.IEnumerable));
    }

    /// <summary>Adds the room's folders: the <c>Slices.In</c> of each registers what is in it.</summary>
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

    /// <summary>Converts facts that were stored in an old shape to the new one when they are read.</summary>
    public CrmService Upcast<TOld, TNew>(string storedName, Func<TOld, TNew> upcast)
        where TOld : class
        where TNew : class
    {
        store.Add((options, _) => options.Upcast(storedName, upcast));
        return this;
    }

    /// <summary>A read model of a stream's own facts, written in the same transaction as they are.</summary>
    public CrmService Inline<T>()
        where T : class, IProjection => Project<T>((options, projection) => options.Inline(projection));

    /// <summary>A read model over several streams, updated milliseconds after the log.</summary>
    public CrmService Async<T>()
        where T : class, IProjection => Project<T>((options, projection) => options.Async(projection));

    public CrmService Subscribe<T>()
        where T : class, ISubscription
    {
        Services.TryAddSingleton<T>();
        store.Add((options, services) => options.Subscribe(services.GetRequiredService<T>()));
        return this;
    }

    /// <summary>Translates domain events into the contracts that are published.</summary>
    /// <param name="translate">Returns null for an event that is not published.</param>
    public CrmService Feed(Func<RecordedEvent, OutgoingFact?> translate)
    {
        feed = translate;
        return this;
    }

    /// <summary>
    /// Declares a room that only reads: it has no event log and writes the facts that it receives into tables of its own.
    /// </summary>
    /// <param name="ddl">The tables; running it again must be harmless. <c>:app</c> is the role that the service runs as.</param>
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

    /// <summary>Work that becomes due by time alone.</summary>
    public CrmService Due<T>()
        where T : class, IDueWork
    {
        Services.AddSingleton<T>().AddPeriodic(s => new DueClock(s.GetRequiredService<T>(), s.GetRequiredService<DueRunner>()));
        return this;
    }

    /// <summary>Work that is repeated at an interval.</summary>
    public CrmService Periodic<T>()
        where T : class, IPeriodic
    {
        Services.AddSingleton<T>().AddPeriodic(s => s.GetRequiredService<T>());
        return this;
    }

    /// <summary>Registers an event that only older versions recorded: it can still be read, but is no longer published.</summary>
    public CrmService Retired<TEvent>()
        where TEvent : class
    {
        store.Add((options, _) => options.Retired<TEvent>());
        return this;
    }

    /// <summary>
    /// The service stores personal data: the personal part of each fact is encrypted with a key per person, and whoever is shown it is
    /// recorded.
    /// </summary>
    public CrmService KeepsPersonalData()
    {
        Services.AddSingleton<PersonalKeys>();
        Services.AddSingleton<PersonalIndex>();
        Services.AddSingleton<PersonalReads>().AddHostedService(s => s.GetRequiredService<PersonalReads>());
        Services.AddScoped<PersonalReader>();
        Periodic<PersonalReadRetention>();
        Services.AddHealthChecks().AddCheck<PersonalReads>("personal-reads", tags: [Health.Ready]);
        GetPersonalReads.Map(this);
        Periodic<ErasureFile>();
        store.Add(
            (options, services) =>
            {
                var keys = services.GetRequiredService<PersonalKeys>();
                (options.Seal, options.Open) = (keys.Seal, keys.Open);
            }
        );
        return Inline<KeyDestruction>();
    }

    /// <summary>
    /// The room answers for a group of customers who are one person or one company: it notes what customers tells of them, and
    /// <see cref="CustomerGroups"/> says who they are. Its hears.json lists customers.customers-merged and customers.customers-unmerged.
    /// </summary>
    public CrmService KnowsCustomerGroups()
    {
        Aggregate<NotedGroup, IGroupEvent>("customer_group");
        On<Contracts.CustomersMerged, OnGroupChange<Contracts.CustomersMerged>>();
        On<Contracts.CustomersUnmerged, OnGroupChange<Contracts.CustomersUnmerged>>();
        return Inline<GroupsView>();
    }

    CrmService Project<T>(Action<EventStoreOptions, IProjection> when)
        where T : class, IProjection
    {
        Services.TryAddSingleton<T>();
        store.Add((options, services) => when(options, services.GetRequiredService<T>()));
        return this;
    }
}
