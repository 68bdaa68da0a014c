namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// Writes down what has expired, dated at the lot's own expiry: late or twice makes no difference to any balance. Redemptions and returns do
/// not wait for it; they write down first what is due.
/// </summary>
public sealed class ExpirePoints(LoyaltyRules rules) : IDueWork
{
    public string Name => "expire-points";
    public TimeSpan Every => rules.ExpireEvery;

    public async Task<IEnumerable<IReadOnlyList<Write>>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
        => from customer in await connection.QueryAsync<Guid>(new CommandDefinition(
               "select customer_id from lot where remaining > 0 and expires_at <= @now group by customer_id order by min(expires_at)", new { now }, cancellationToken: ct))
           select new[] { Write.To(customer, (LoyaltyAccount account) => Decide(account, now)) };

    public static IAccountEvent[] Decide(LoyaltyAccount account, DateTimeOffset now)
    {
        var balance = account.Balance;
        return [.. account.Lots.Values.Where(l => l.IsDue(now)).ByExpiry().Select(l => new PointsExpired(l.Id, l.Remaining, balance -= l.Remaining, l.ExpiresAt))];
    }
}
