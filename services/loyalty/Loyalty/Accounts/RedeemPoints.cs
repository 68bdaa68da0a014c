using System.ComponentModel.DataAnnotations;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Spends points: those that expire first go first, and each debit says from which lots it came.</summary>
/// <param name="Points">How many; the balance must hold them.</param>
/// <param name="Purpose">What for, as a code, never free text: <c>voucher-10</c>.</param>
public sealed record RedeemPoints([property: Range(1, LoyaltyRules.MostPoints)] long Points, [property: Required, Code(64)] string Purpose)
{
    public IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules, Guid redemptionId, DateTimeOffset now)
    {
        if (account.Redemptions.ContainsKey(redemptionId))
            return [];
        var ledger = new Ledger(account.Remembered(), rules).Pass(now);
        account = ledger.Account;
        var from = account.ByExpiry.Where(l => l.IsSpendable(now)).Take(Points);
        if (account.Debt > 0 || from.Sum(a => a.Points) < Points)
            throw new RuleViolationException(
                "insufficient-points",
                $"{Points} points asked for, {Math.Max(0, account.Spendable(now))} can be spent",
                "points"
            );
        return ledger
            .Note(new PointsRedeemed(redemptionId, Points, Purpose, from, account.Balance - Points, now))
            .Touch(now)
            .CloseBooks(now)
            .Facts;
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "accounts/{customerId:guid}/redemptions",
                "Spend points",
                "loyalty.points.redeem",
                async (Guid customerId, RedeemPoints command, Request request, EventStore store, LoyaltyRules rules) =>
                {
                    request.Creates(request.NewId, $"/api/loyalty/accounts/{customerId}/redemptions/{request.NewId}");
                    return request.Done(
                        await store.Write(
                            request,
                            LoyaltyAccount.Of(customerId),
                            account => command.Decide(account.Opened(customerId), rules, request.NewId, request.Now)
                        )
                    );
                }
            )
            .Produces<Changed>(201)
            .Refuses("customer-forgotten", "insufficient-points");
}
