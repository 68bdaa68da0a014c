using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Registers the service's database: connection pools, event store, followers and due work; creates its tables.</summary>
public static class StoreDefaults
{
    /// <summary>Key of the connection pool for the event store's writes.</summary>
    const string Writes = "writes";

    /// <summary>Key of the connection pool for Marten's sessions.</summary>
    const string Sessions = "sessions";

    /// <summary>Registers the connection pool that every room has.</summary>
    internal static void AddDatabase(this IServiceCollection services, IConfiguration configuration, string context)
    {
        services.AddSingleton(_ => Postgres.Open(configuration, context));
        services.AddHealthChecks().AddCheck<Health.Database>("database", tags: [Health.Ready]);
    }

    internal static void AddStore(
        this IServiceCollection services,
        IConfiguration configuration,
        string context,
        Func<IServiceProvider, EventStoreOptions> options
    )
    {
        services.AddKeyedSingleton(Writes, (_, _) => Postgres.Open(configuration, context, share: 2));
        services.AddKeyedSingleton(Sessions, (_, _) => Postgres.OpenForSessions(configuration, context, share: 4));
        services.AddSingleton(options);
        services.AddMarten(s =>
        {
            var marten = s.GetRequiredService<EventStoreOptions>().Configure(new StoreOptions());
            marten.Connection(s.GetRequiredKeyedService<NpgsqlDataSource>(Sessions));
            return marten;
        });
        services.AddSingleton(s => new EventStore(
            s.GetRequiredService<NpgsqlDataSource>(),
            s.GetRequiredService<EventStoreOptions>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredKeyedService<NpgsqlDataSource>(Writes),
            s.GetRequiredService<IDocumentStore>()
        ));
        services.AddSingleton<ProjectionDaemon>();
        services.AddSingleton<DueRunner>();
        services.AddHostedService(s => s.GetRequiredService<ProjectionDaemon>());
        services.AddPeriodic(s => new Operations.Housekeeping(
            s.GetRequiredService<NpgsqlDataSource>(),
            s.GetRequiredService<TimeProvider>()
        ));
        services.AddPeriodic(s => new Health.FollowerMetrics(s.GetRequiredService<ProjectionDaemon>()));
        services.AddHealthChecks().AddCheck<Health.Followers>("followers", tags: [Health.Ready, Health.Lag]);
    }

    /// <summary>Creates the tables of the event log and those beside it, signed in as <c>ConnectionStrings:PostgresOwner</c>.</summary>
    /// <param name="tables">For a room without an event log: its tables, which are created instead.</param>
    internal static async Task Migrate(this IConfiguration configuration, string context, string? tables)
    {
        var owner = Postgres.Parse(configuration, "ConnectionStrings:PostgresOwner").ConnectionString;
        var app =
            Postgres.Parse(configuration, "ConnectionStrings:Postgres").Username
            ?? throw new SettingException("ConnectionStrings:Postgres", "a connection string with a Username");
        await BrokerUser.Create(configuration, context, CancellationToken.None);
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync();
        if (tables is null)
            await EventStore.Install(connection, app, CrmService.Tables);
        else
            await Install(connection, app, CrmService.TablesOfReaders + tables);
        Console.WriteLine($"{context}: tables are up to date");
    }

    /// <summary>Creates the tables of a room without an event log. May be run again, and by several replicas at once.</summary>
    public static async Task Install(NpgsqlConnection owner, string app, string ddl)
    {
        await using var transaction = await owner.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(
            $"""
            select pg_advisory_xact_lock(hashtext('crm-migrate'));
            create schema if not exists read;
            grant usage on schema public, read to :app;
            {ddl}
            """.Replace(":app", $"\"{app}\"", StringComparison.Ordinal),
            owner
        );
        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }
}
