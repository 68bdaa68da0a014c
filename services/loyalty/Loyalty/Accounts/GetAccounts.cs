using System.ComponentModel;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>An account in a list.</summary>
/// <param name="Tier">The tier: <c>Gold</c>.</param>
/// <param name="QualifyingPoints">Points that count for the tier now.</param>
/// <param name="Balance">Points of the account, pending ones included.</param>
public sealed record AccountListed(Guid CustomerId, string Tier, long QualifyingPoints, long Balance);

/// <summary>All accounts, or those of one tier, page by page in the order of their ids.</summary>
public static class GetAccounts
{
    const string Sql = """
        select a.customer_id as CustomerId, a.tier, a.qualifying as QualifyingPoints,
            a.earned + a.transferred_in - a.transferred_out - a.redeemed - a.expired - a.reversed
                - coalesce((select sum(l.remaining) from ledger_lot l
                where l.customer_id = a.customer_id and l.open and l.active_from is null and l.due_at <= @now), 0)::bigint as Balance
        from ledger_account a
        where (@tier::text is null or a.tier = @tier) and (@after::uuid is null or a.customer_id > @after)
        order by a.customer_id limit @take
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
            "accounts",
            "Accounts, by tier if wanted",
            "loyalty.read",
            async (
                [Description("Only accounts with this tier.")] string? tier,
                int? limit,
                string? after,
                NpgsqlDataSource db,
                LoyaltyRules rules,
                TimeProvider clock,
                CancellationToken ct
            ) =>
            {
                if (tier is not null && !rules.TierNames.Contains(tier))
                    throw new BadRequestException("tier", $"one of {string.Join(", ", rules.TierNames)}");
                Guid? cursor =
                    after is null ? null
                    : Guid.TryParse(after, out var id) ? id
                    : throw new BadRequestException("after", "a cursor from a page's next");
                var size = PageLimit.Of(limit);
                var found = await db.Query<AccountListed>(
                    Sql,
                    new
                    {
                        tier,
                        after = cursor,
                        take = size + 1,
                        now = clock.GetUtcNow(),
                    },
                    ct
                );
                return Page.Of(found, size, last => last.CustomerId.ToString());
            }
        );
}
