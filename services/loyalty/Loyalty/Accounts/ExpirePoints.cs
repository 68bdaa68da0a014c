namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// Writes down what has expired, dated at the lot's own expiry: late or twice makes no difference to any balance. Redemptions and returns do
/// not wait for it; they write down first what is due.
/// </summary>
public sealed class ExpirePoints(NpgsqlDataSource db, EventStore store, LoyaltyRules rules, TimeProvider clock, ILogger<ExpirePoints> log) : BackgroundService
{
    const int AtOnce = 500;

    public static IAccountEvent[] Decide(LoyaltyAccount account, DateTimeOffset now)
    {
        var balance = account.Balance;
        return [.. account.Lots.Values.Where(l => l.IsDue(now)).ByExpiry().Select(l => new PointsExpired(l.Id, l.Remaining, balance -= l.Remaining, l.ExpiresAt))];
    }

    /// <summary>Works off what is due. Any number of replicas may do so at once: the second to come finds nothing to do.</summary>
    public async Task<int> RunOnce(CancellationToken ct)
    {
        var expired = 0;
        while (true)
        {
            var now = clock.GetUtcNow();
            await using var connection = await db.OpenConnectionAsync(ct);
            var due = await connection.QueryAsync<Guid>(new CommandDefinition(
                "select distinct customer_id from lot where remaining > 0 and expires_at <= @now limit @AtOnce", new { now, AtOnce }, cancellationToken: ct));
            var done = await store.WriteToAggregates([.. due.Select(id => Write.To(id, (LoyaltyAccount account) => Decide(account, now)))], ct: ct);
            var written = done.Sum(d => d.Events.Count);
            expired += written;
            if (written == 0) return expired;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(rules.ExpireEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await RunOnce(stoppingToken) is > 0 and var lots) log.LogInformation("Expired the points of {Lots} lots", lots);
            }
            catch (NpgsqlException e)
            {
                log.LogWarning("Points expire later: {Error}", e.Message);
            }
        }
    }
}
