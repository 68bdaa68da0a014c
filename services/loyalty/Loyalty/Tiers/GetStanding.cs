using System.ComponentModel;
using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Tiers;

/// <summary>A member's standing in the tiers, now or as of an earlier instant.</summary>
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
                    var (account, version) = asOf is null
                        ? await store.Read(LoyaltyAccount.Of(customerId), ct)
                        : (
                            LoyaltyAccount.Initial.After(
                                (await store.FetchStream(customerId, ct: ct))
                                    .Select(e => e.Data)
                                    .OfType<IAccountEvent>()
                                    .Where(f => f.OccurredAt <= at)
                            ),
                            0
                        );
                    if (!account.IsOpen)
                        return (IResult)Answer.NotFound("account", customerId);
                    if (version > 0)
                        response.Headers.ETag = $"\"{version}\"";
                    return TypedResults.Ok(Standing.Of(new Ledger(account, rules).Pass(at).Account, rules, at));
                }
            )
            .Produces<Standing>();
}
