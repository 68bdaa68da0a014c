using System.Diagnostics;
using System.Globalization;
using CrmPlatform.EventSourcing;
using CrmPlatform.ServiceDefaults;
using Npgsql;
using Shouldly;

namespace CrmPlatform.Testing;

/// <summary>A new database with the two roles of a service, dropped afterwards.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    readonly string name = "t" + Guid.CreateVersion7().ToString("N");
    readonly string server;

    TestDatabase(string server) => this.server = server;

    public string Name => name;
    public string Owner => Connection(name + "_owner");
    public string App => Connection(name + "_app");
    public string Admin => new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = false }.ToString();

    /// <param name="moreDdl">Tables beside the event log.</param>
    /// <param name="server">Connection string of an administrator; null is the server that all tests share.</param>
    /// <param name="log">False for a room that only reads: only the given tables are created then.</param>
    public static async Task<TestDatabase> Create(string moreDdl = "", string? server = null, bool log = true)
    {
        server ??= TestServers.Postgres;
        var database = new TestDatabase(server);
        var name = database.name;
        await Execute(
            server,
            $"create role {name}_owner login password 'owner'",
            $"create role {name}_app login password 'app'",
            $"create database {name} owner {name}_owner"
        );
        await using var owner = new NpgsqlConnection(database.Owner);
        await owner.OpenAsync();
        if (log)
            await EventStore.Install(owner, name + "_app", moreDdl);
        else
            await StoreDefaults.Install(owner, name + "_app", moreDdl);
        return database;
    }

    /// <summary>A connection pool configured as services do it.</summary>
    public NpgsqlDataSource Open() =>
        NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(App)
            {
                SearchPath = "read,public",
                MaxAutoPrepare = 200,
                AutoPrepareMinUsages = 2,
            }.ToString()
        );

    /// <summary>Everything in the database as pg_dump writes it, with bytes shown as they are stored.</summary>
    public async Task<string> Dump()
    {
        var connection = new NpgsqlConnectionStringBuilder(Admin);
        var start = new ProcessStartInfo(
            "pg_dump",
            [
                "-h",
                connection.Host!,
                "-p",
                connection.Port.ToString(CultureInfo.InvariantCulture),
                "-U",
                connection.Username!,
                "--inserts",
                connection.Database!,
            ]
        )
        {
            RedirectStandardOutput = true,
        };
        start.Environment["PGPASSWORD"] = connection.Password;
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, "pg_dump");
        return text;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await Execute(
            server,
            $"drop database if exists {name} with (force)",
            $"drop role if exists {name}_app",
            $"drop role if exists {name}_owner"
        );
    }

    string Connection(string role) =>
        new NpgsqlConnectionStringBuilder(server)
        {
            Database = name,
            Username = role,
            Password = role[(name.Length + 1)..],
            MaxPoolSize = 40,
            SearchPath = null,
        }.ToString();

    static async Task Execute(string connectionString, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString()
        );
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
