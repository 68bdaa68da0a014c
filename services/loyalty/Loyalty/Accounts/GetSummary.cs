using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>PointsRedeemed is net of cancelled redemptions, so earned − redeemed − expired − reversed is the balance.</summary>
/// <param name="Accounts">How many accounts there are.</param>
/// <param name="Tiers">How many accounts have each tier.</param>
/// <param name="PointsEarned">Points that were ever earned, awarded or given by a correction.</param>
/// <param name="PointsRedeemed">Points that were spent, less those of cancelled redemptions.</param>
/// <param name="PointsExpired">Points that expired.</param>
/// <param name="PointsReversed">Points that were taken back because goods were returned, or by a correction.</param>
/// <param name="PointsTransferred">From one member to another: they are on one account less and on one more, so they change no sum.</param>
/// <param name="Balance">Points of all accounts.</param>
public sealed record Summary(
    long Accounts,
    IReadOnlyDictionary<string, long> Tiers,
    long PointsEarned,
    long PointsRedeemed,
    long PointsExpired,
    long PointsReversed,
    long PointsTransferred,
    long Balance
);

/// <summary>All accounts in a few numbers, from one snapshot.</summary>
public static class GetSummary
{
    const string Sql = """
        select tier, count(*) as Accounts, sum(earned)::bigint as Earned, sum(redeemed)::bigint as Redeemed,
            sum(expired)::bigint as Expired,
            sum(reversed)::bigint as Reversed, sum(transferred_in)::bigint as Inward, sum(transferred_out)::bigint as Outward,
            (select coalesce(sum(remaining), 0)::bigint from ledger_lot where open and active_from is null and due_at <= @now) as Due
        from ledger_account group by tier
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
            "summary",
            "All accounts in a few numbers",
            "loyalty.read",
            async (NpgsqlDataSource db, LoyaltyRules rules, TimeProvider clock, CancellationToken ct) =>
            {
                var rows = await db.Query<Row>(Sql, new { now = clock.GetUtcNow() }, ct);
                var (earned, redeemed, expired, reversed) = (
                    rows.Sum(r => r.Earned),
                    rows.Sum(r => r.Redeemed),
                    rows.Sum(r => r.Expired) + (rows.FirstOrDefault()?.Due ?? 0),
                    rows.Sum(r => r.Reversed)
                );
                var tiers = rules
                    .TierNames.Union(rows.Select(r => r.Tier))
                    .ToDictionary(name => name, name => rows.FirstOrDefault(r => r.Tier == name)?.Accounts ?? 0);
                return new Summary(
                    Accounts: rows.Sum(r => r.Accounts),
                    Tiers: tiers,
                    PointsEarned: earned,
                    PointsRedeemed: redeemed,
                    PointsExpired: expired,
                    PointsReversed: reversed,
                    PointsTransferred: rows.Sum(r => r.Outward),
                    Balance: earned + rows.Sum(r => r.Inward - r.Outward) - redeemed - expired - reversed
                );
            }
        );

    sealed record Row(
        string Tier,
        long Accounts,
        long Earned,
        long Redeemed,
        long Expired,
        long Reversed,
        long Inward,
        long Outward,
        long Due
    );
}
