using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// Writes down which points were unlocked, which expired and which tiers ended, dated at their own instants: late or twice makes no
/// difference to any balance. Redemptions and returns do not wait for it; they write down first what is due.
/// </summary>
public sealed class PassTime(LoyaltyRules rules) : IDueWork
{
    public string Name => "points";
    public TimeSpan Every => rules.ExpireEvery;

    const string Sql = """
        select customer_id from (
            select customer_id, due_at from ledger_lot where open and due_at <= @now
            union all select customer_id, due_at from tier_standing where due_at <= @now
            union all select customer_id, @scheme from tier_standing where scheme_as_of < @scheme) due
        group by customer_id order by min(due_at)
        """;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from customer in await connection.QueryAsync<Guid>(
            new CommandDefinition(Sql, new { now, scheme = rules.SchemeAt(now).EffectiveFrom }, cancellationToken: ct)
        )
        select Write.To(LoyaltyAccount.Of(customer), account => Decide(account, rules, now));

    public static IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules, DateTimeOffset now) =>
        new Ledger(account, rules).Pass(now).Facts;
}
