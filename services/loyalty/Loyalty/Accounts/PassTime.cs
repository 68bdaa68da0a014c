namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// Writes down which points were unlocked and which expired, dated at their own instants: late or twice makes no difference to any balance. Redemptions and returns do
/// not wait for it; they write down first what is due.
/// </summary>
public sealed class PassTime(LoyaltyRules rules) : IDueWork
{
    public string Name => "points";
    public TimeSpan Every => rules.ExpireEvery;

    public Task<IEnumerable<Guid>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) => connection.QueryAsync<Guid>(new CommandDefinition(
        "select customer_id from ledger_lot where remaining > 0 and due_at <= @now group by customer_id order by min(due_at)", new { now }, cancellationToken: ct));

    public Write Do(Guid stream, DateTimeOffset now) => Write.To(stream, (LoyaltyAccount account) => Decide(account, rules, now));

    public static IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules, DateTimeOffset now) => new Ledger(account, rules).Pass(now).Facts;
}
