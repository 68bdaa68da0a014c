using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>
/// Takes a redemption back: its points return to the lots that they came from, with their own expiry. What is past it expires at once, and
/// what a return of goods meanwhile claimed in vain is taken then.
/// </summary>
public sealed record CancelRedemption(Guid RedemptionId)
{
    public IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules, DateTimeOffset now)
    {
        var redemption = account.Redemptions[RedemptionId];
        if (redemption.Cancelled)
            return [];
        var ledger = new Ledger(account, rules).Pass(now);
        account = ledger.Account;
        var points = redemption.From.Sum(a => a.Points);
        var repaid = Math.Min(points, account.Debt);
        var to = redemption
            .From.Select(a => account.Lots[a.LotId] with { Remaining = a.Points })
            .OrderBy(l => l.ByExpiry)
            .Take(points - repaid);
        ledger.Note(new RedemptionCancelled(RedemptionId, points, repaid, to, account.Balance + points, now));
        // These were not there to expire in time: they do so now, not at an instant when they were spent.
        foreach (var lot in to.Select(back => ledger.Account.Lots[back.LotId]).Where(lot => lot.IsDue(now)))
            ledger.Expire(lot, now);
        foreach (var back in to)
            if (ledger.Account.Lots[back.LotId] is { LastReturn: { } lastReturn } lot && lot.ToTake(lot.Worth(lot.Refunded), now) > 0)
                ReversePoints.Claim(ledger, lot, lot.Refunded, lastReturn, rules.Returns, now);
        return ledger.Facts;
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "accounts/{customerId:guid}/redemptions/{redemptionId:guid}/cancel",
                "Give the points of a redemption back",
                "loyalty.points.redeem",
                async (Guid customerId, Guid redemptionId, Request request, EventStore store, LoyaltyRules rules, CancellationToken ct) =>
                {
                    if ((await store.Read(RewardOrder.Of(redemptionId), ct)).State.Reserved is not null)
                        throw new RuleViolationException(
                            "redemption-of-an-order",
                            "These points were spent on a reward: cancel its order."
                        );
                    return request.Done(
                        await store.Write(
                            request.Concerns(redemptionId),
                            LoyaltyAccount.Of(customerId),
                            account =>
                                account.Redemptions.ContainsKey(redemptionId)
                                    ? new CancelRedemption(redemptionId).Decide(account.Remembered(), rules, request.Now)
                                    : throw new NotFoundException("redemption", redemptionId)
                        )
                    );
                }
            )
            .Refuses("redemption-of-an-order", "customer-forgotten");
}
