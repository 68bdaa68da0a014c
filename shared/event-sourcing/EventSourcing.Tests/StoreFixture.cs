using CrmPlatform.Testing;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>A database per test class. Each store on it, with its own cache, stands for a process of the service.</summary>
public sealed class StoreFixture : IAsyncLifetime
{
    /// <summary>Connection string of the server, if it is not the one that all tests share.</summary>
    public string? Server { get; init; }

    public TestDatabase Database { get; private set; } = null!;
    public NpgsqlDataSource Db { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.Create(server: Server);
        Db = Database.Open();
    }

    public async Task DisposeAsync()
    {
        await Db.DisposeAsync();
        await Database.DisposeAsync();
    }

    public EventStore Store(Action<EventStoreOptions>? more = null, NpgsqlDataSource? on = null, NpgsqlDataSource? writes = null)
    {
        var options = new EventStoreOptions();
        options.Aggregate<Basket, IBasketEvent>("basket").Aggregate<Journal, IJournalEvent>("journal");
        more?.Invoke(options);
        return new(on ?? Db, options, TimeProvider.System, writes);
    }

    public ProjectionDaemon Daemon(EventStore store) => new(Db, store, TimeProvider.System, NullLogger<ProjectionDaemon>.Instance);

    public async Task<RunningDaemon> Run(EventStore store)
    {
        var daemon = Daemon(store);
        await daemon.Prepare();
        await daemon.StartAsync(default);
        return new(daemon);
    }

    /// <summary>Sequences of the events after one, without Marten's tombstones.</summary>
    public async Task<IEnumerable<long>> Sequences(long after)
    {
        await using var connection = await Db.OpenConnectionAsync();
        const string Sql = "select seq_id from mt_events where seq_id > @after and type <> 'tombstone' order by 1";
        return await connection.QueryAsync<long>(Sql, new { after });
    }

    public async Task<T> Scalar<T>(string sql, object? values = null)
    {
        await using var connection = await Db.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, values))!;
    }
}

public sealed class RunningDaemon(ProjectionDaemon daemon) : IAsyncDisposable
{
    public ProjectionDaemon Daemon => daemon;

    public Task CatchUp() => daemon.CatchUp(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);

    public async ValueTask DisposeAsync()
    {
        await daemon.StopAsync(default);
        daemon.Dispose();
    }
}
