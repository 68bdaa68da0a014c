using CrmPlatform.EventSourcing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>A database with the store's tables and those of the bare insert; dropped afterwards.</summary>
sealed class Database : IAsyncDisposable
{
    // `like`: whatever columns and indexes the store's table has, the bare one has too; and the foreign key.
    const string BareTables = """
        create table bare_events (like mt_events including all);
        create table bare_streams (id uuid primary key);
        alter table bare_events add foreign key (stream_id) references bare_streams on delete cascade;
        create table bare_commits (id uuid primary key);
        create sequence bare_sequence cache 1;
        grant insert on bare_events, bare_streams, bare_commits to :app;
        grant usage on sequence bare_sequence to :app
        """;

    /// <summary>Connection string of the server's administrator.</summary>
    public static readonly string Server =
        Environment.GetEnvironmentVariable("CRM_BENCH_POSTGRES") ?? throw new InvalidOperationException("start it with ./crm bench");

    public const string Name = "bench";
    const string ForArrays = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off";

    public static string Owner { get; } =
        new NpgsqlConnectionStringBuilder(Server)
        {
            Database = Name,
            Username = "bench_owner",
            Password = "owner",
            Pooling = false,
        }.ToString();

    public NpgsqlDataSource Db { get; } = Pool(ForArrays);

    /// <summary>For sessions of Marten, without the options of ours, as services have it.</summary>
    public NpgsqlDataSource Sessions { get; } = Pool();

    readonly NpgsqlDataSource writes = Pool(ForArrays);

    /// <summary>Makes it anew: every part of the benchmark begins with an empty log.</summary>
    public static async Task<Database> Create()
    {
        await Administer(
            "postgres",
            $"drop database if exists {Name} with (force)",
            "drop role if exists bench_owner",
            "drop role if exists bench_app",
            "create role bench_owner login password 'owner'",
            "create role bench_app login password 'app'",
            $"create database {Name} owner bench_owner"
        );
        await using var owner = new NpgsqlConnection(Owner);
        await owner.OpenAsync();
        await EventStore.Install(owner, "bench_app", BareTables);
        return new();
    }

    public EventStore Store(Action<EventStoreOptions>? more = null, int? snapshots = null)
    {
        var options = new EventStoreOptions().Aggregate<Shopper, IShopperEvent>("shopper", snapshots);
        more?.Invoke(options);
        return new(Db, options, TimeProvider.System, writes);
    }

    public async Task<ProjectionDaemon> Daemon(EventStore store)
    {
        var daemon = new ProjectionDaemon(Db, store, TimeProvider.System, NullLogger<ProjectionDaemon>.Instance);
        await daemon.Prepare();
        return daemon;
    }

    public async Task<T> Scalar<T>(string sql, params object[] values)
    {
        await using var command = Db.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The next command opens a connection of its own.</summary>
    public void Clear()
    {
        Db.Clear();
        writes.Clear();
        Sessions.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        await writes.DisposeAsync();
        await Sessions.DisposeAsync();
    }

    public async Task Drop()
    {
        await DisposeAsync();
        await Administer("postgres", $"drop database if exists {Name} with (force)");
    }

    /// <summary>
    /// As services configure it (shared/service-defaults/Postgres.cs), one for reads and one for the store's writes, so that both sides pay
    /// what a service pays.
    /// </summary>
    static NpgsqlDataSource Pool(string options = "") =>
        NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(Server)
            {
                Database = Name,
                Username = "bench_app",
                Password = "app",
                SearchPath = "read,public",
                MaxAutoPrepare = 200,
                AutoPrepareMinUsages = 2,
                NoResetOnClose = true,
                Options = $"-c jit=off {options}",
            }
        );

    /// <summary>As the server's administrator, in this database.</summary>
    public static Task Administer(string statement) => Administer(Name, [statement]);

    public static async Task Administer(string database, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Server)
            {
                Pooling = false,
                CommandTimeout = 1_800,
                Database = database,
            }.ConnectionString
        );
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
