using System.ComponentModel;
using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Tiers;

/// <summary>
/// A member's standing in the tiers, now or as of an earlier instant: of customers who are one person, the best of theirs.
/// </summary>
public static class GetStanding
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "accounts/{customerId:guid}/tier",
                "Where a member stands in the tiers",
                "loyalty.read",
                async (
                    Guid customerId,
                    [Description("As of this instant; now if left out.")] DateTimeOffset? asOf,
                    EventStore store,
                    NpgsqlDataSource db,
                    LoyaltyRules rules,
                    TimeProvider clock,
                    HttpResponse response,
                    CancellationToken ct
                ) =>
                {
                    var now = clock.GetUtcNow();
                    if (asOf > now)
                        throw new BadRequestException("asOf", "not in the future");
                    var at = asOf?.ToUniversalTime() ?? now;
                    var members = (await CustomerGroups.Of(db, customerId, ct)).Members;
                    var accounts = asOf is null
                        ? await MemberAccount.Of(members, store, rules, at, ct)
                        : await MemberAccount.AsOf(members, store, rules, at, ct);
                    if (rules.Best(accounts, a => a.Account.Tier, at) is not { } best)
                        return (IResult)Answer.NotFound("account", customerId);
                    if (accounts.FirstOrDefault(a => a.CustomerId == customerId) is { Version: > 0 and var version })
                        response.Headers.ETag = $"\"{version}\"";
                    return TypedResults.Ok(Standing.Of(best.CustomerId, best.Account, rules, at));
                }
            )
            .Produces<Standing>();
}
