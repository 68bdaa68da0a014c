using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Sla;

/// <summary>Records promises that were broken, dated at their due instants, however late it comes by; twice is once.</summary>
public sealed class BreachClock(NpgsqlDataSource db, EventStore store, DeskOptions options, TimeProvider clock, ILogger<BreachClock> log) : BackgroundService
{
    const int Chunk = 500;

    /// <returns>How many tickets had a promise broken.</returns>
    public async Task<int> Tick(CancellationToken ct)
    {
        var (now, broken) = (clock.GetUtcNow(), 0);
        await using var connection = await db.OpenConnectionAsync(ct);
        var late = (await connection.QueryAsync<Guid>(new CommandDefinition("select ticket_id from tickets where breach_at < @now", new { now }, cancellationToken: ct))).AsList();
        foreach (var chunk in late.Chunk(Chunk))
        {
            var done = await store.WriteToAggregates([.. chunk.Select(id => Write.To(id, (Ticket ticket) => ticket.BrokenBefore(now).ToArray()))], ct: ct);
            broken += done.Count(d => d.Events.Count > 0);
        }
        return broken;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.BreachEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try { await Tick(stoppingToken); }
            catch (NpgsqlException e) { log.LogWarning("Broken promises are recorded when the database is back: {Error}", e.Message); }
    }
}
