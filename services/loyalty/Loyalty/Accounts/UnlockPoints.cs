using System.ComponentModel.DataAnnotations;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// What points of a purchase waited for has happened, such as <c>delivered</c>: they can be spent from now on, and last from now on.
/// </summary>
/// <param name="PurchaseId">The purchase whose points wait.</param>
/// <param name="Action">What has happened, as the rules call it: <c>delivered</c>.</param>
public sealed record UnlockPoints(Guid PurchaseId, [property: Required, Code(64)] string Action)
{
    public IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules, DateTimeOffset now)
    {
        var ledger = new Ledger(account, rules).Pass(now);
        foreach (var id in account.Purchases[PurchaseId].Lots)
            if (ledger.Account.Lots.TryGetValue(id, out var lot) && lot.Awaits == Action)
                ledger.Unlock(lot, now);
        return ledger.Facts;
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "accounts/{customerId:guid}/unlocks",
                "Tell that what points waited for has happened",
                "loyalty.points.unlock",
                async (Guid customerId, UnlockPoints command, Request request, EventStore store, LoyaltyRules rules) =>
                {
                    return request.Done(
                        await store.Write(
                            request,
                            LoyaltyAccount.Of(customerId),
                            account =>
                                account.Purchases.ContainsKey(command.PurchaseId)
                                    ? command.Decide(account.Remembered(), rules, request.Now)
                                    : throw new NotFoundException("purchase", command.PurchaseId)
                        )
                    );
                }
            )
            .Refuses("customer-forgotten");
}
