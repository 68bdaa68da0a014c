using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.ServiceDefaults;

/// <summary>The service's database: its pools, its log with the followers and the clock, and how its tables are made.</summary>
public static class StoreDefaults
{
    /// <summary>Names the pool of the event store's writes.</summary>
    const string Writes = "writes";

    /// <summary>Names the pool of Marten's sessions.</summary>
    const string Sessions = "sessions";

    /// <summary>The pool that every room has.</summary>
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

    /// <summary>Creates the tables of the log and those beside it, as <c>ConnectionStrings:PostgresOwner</c>.</summary>
    /// <param name="tables">Of a room without a log: these instead.</param>
    internal static async Task Migrate(this IConfiguration configuration, string context, string? tables)
    {
        var owner =
            configuration.GetConnectionString("PostgresOwner")
            ?? throw new InvalidOperationException("ConnectionStrings:PostgresOwner is needed to migrate");
        var app =
            new NpgsqlConnectionStringBuilder(configuration.GetConnectionString("Postgres")).Username
            ?? throw new InvalidOperationException("ConnectionStrings:Postgres names no user");
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync();
        if (tables is null)
            await EventStore.Install(connection, app, CrmService.Tables);
        else
            await Install(connection, app, CrmService.TablesOfReaders + tables);
        Console.WriteLine($"{context}: the tables are there");
    }

    /// <summary>The tables of a room without a log. Safe to repeat, and when several replicas start it at once.</summary>
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
