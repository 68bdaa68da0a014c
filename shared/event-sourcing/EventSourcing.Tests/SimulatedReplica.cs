using CrmPlatform.Testing;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>One process of the service: its connections, its cache and its daemon.</summary>
sealed class SimulatedReplica : IAsyncDisposable
{
    readonly string name = "replica-" + Guid.CreateVersion7().ToString("N");
    readonly NpgsqlDataSource db;
    RunningDaemon? running;

    public SimulatedReplica(TestDatabase database, Recorder recorder)
    {
        db = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database.App)
            {
                ApplicationName = name,
                SearchPath = "read,public",
                MaxAutoPrepare = 200,
                AutoPrepareMinUsages = 2,
            }.ToString()
        );
        var options = new EventStoreOptions { PollInterval = TimeSpan.FromMilliseconds(100) }
            .Aggregate<Basket, IBasketEvent>("basket")
            .Aggregate<Journal, IJournalEvent>("journal")
            .Inline(new BasketCounts("counts-inline", "counts_inline"))
            .Async(new SlowCounts())
            .Subscribe(recorder);
        Store = new(db, options, TimeProvider.System);
        Daemon = new(db, Store, TimeProvider.System, NullLogger<ProjectionDaemon>.Instance);
    }

    public EventStore Store { get; }

    /// <summary>A daemon that is never started, for status queries and rebuilds.</summary>
    public ProjectionDaemon Daemon { get; }

    public async Task Start()
    {
        if (running is not null)
            return;
        var daemon = new ProjectionDaemon(db, Store, TimeProvider.System, NullLogger<ProjectionDaemon>.Instance);
        await daemon.Prepare();
        await daemon.StartAsync(default);
        running = new(daemon);
    }

    public async Task Stop()
    {
        if (running is not null)
            await running.DisposeAsync();
        running = null;
    }

    /// <summary>Terminates all database sessions. When this returns, none of their transactions can still commit.</summary>
    public async Task EndSessions(NpgsqlConnection admin)
    {
        await admin.ExecuteAsync(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = @name",
            new { name }
        );
        db.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Daemon.Dispose();
        await db.DisposeAsync();
    }
}

/// <summary>Waits between reading and writing a page, so that others may move the checkpoint meanwhile.</summary>
sealed class SlowCounts : IProjection
{
    readonly BasketCounts counts = new("counts-async", "counts_async");

    public string Name => counts.Name;
    public string Ddl => counts.Ddl;

    public void Register(EventHandlers on) =>
        on.OnFold<ItemAdded>(
            async (page, _, sql, ct) =>
            {
                await Task.Delay(10, ct);
                foreach (var e in page)
                    counts.Count((ItemAdded)e.Data, e, sql);
            }
        );
}
