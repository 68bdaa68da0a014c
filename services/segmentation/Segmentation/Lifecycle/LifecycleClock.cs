using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Runs;

namespace CrmPlatform.Segmentation.Lifecycle;

/// <summary>Moves on the customers whose threshold has passed. However late it comes by, the steps are dated at their thresholds; twice is once.</summary>
public sealed class LifecycleClock(NpgsqlDataSource db, EventStore store, Yardsticks yardsticks, SegmentationOptions options, TimeProvider clock, ILogger<LifecycleClock> log) : BackgroundService
{
    const int Chunk = 500;

    /// <param name="importIsOver">
    /// While purchases of the past are coming in, silence is not silence: the next line may end it. Then nothing is done, unless the caller knows better.
    /// </param>
    /// <returns>How many customers moved on.</returns>
    public async Task<int> Tick(bool importIsOver, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenConnectionAsync(ct);
        if (!importIsOver && await connection.QuerySingleAsync<bool>("select exists (select from lifecycle_due where backdated and noted_at > @since)", new { since = now - options.ImportSettles })) return 0;
        var due = (await connection.QueryAsync<Guid>(new CommandDefinition("select customer_id from lifecycle_due where due_at < @now", new { now }, cancellationToken: ct))).AsList();
        var (time, policy, moved) = (new PassTime(now), yardsticks.Current.Lifecycle, 0);
        foreach (var chunk in due.Chunk(Chunk))
        {
            var done = await store.WriteToAggregates([.. chunk.Select(id => Write.To(id, (CustomerValue customer) => time.Decide(customer, policy)))], ct: ct);
            moved += done.Count(d => d.Events.Count > 0);
        }
        return moved;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.LifecycleEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try { await Tick(importIsOver: false, stoppingToken); }
            catch (NpgsqlException e) { log.LogWarning("The lifecycle clock waits for the database: {Error}", e.Message); }
    }
}
