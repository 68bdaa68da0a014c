using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// Takes back the points of returned goods: proportional to the refunded net amount, at the rate of the purchase; what is pending first,
/// then from the purchase's own lots, then from the others. Where they are spent, the return policy decides; what has expired is not asked
/// for again.
/// </summary>
public sealed record ReversePoints(Guid ReturnId, Guid PurchaseId, decimal Net, DateTimeOffset At)
{
    public IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules)
    {
        if (Net <= 0 || !account.Purchases.TryGetValue(PurchaseId, out var purchase))
            return [];
        var refunded = Math.Min(purchase.Refunded + Net, Math.Max(0, purchase.Net));
        var ledger = new Ledger(account, rules).Pass(At).Note(new ReturnCounted(ReturnId, PurchaseId, Net, refunded, At));
        foreach (
            var lot in purchase
                .Lots.Where(ledger.Account.Lots.ContainsKey)
                .Select(id => ledger.Account.Lots[id])
                .OrderByDescending(l => l.IsPending)
                .ThenBy(l => l.ByExpiry)
        )
            Claim(ledger, ledger.Account.Lots[lot.Id], refunded, ReturnId, rules.Returns, At);
        return ledger.RecheckTier(At).Facts;
    }

    /// <summary>Claims what the cumulative refund of a lot's purchase is worth, and takes what can be taken.</summary>
    public static void Claim(Ledger ledger, Lot lot, decimal refunded, Guid returnId, ReturnPolicy policy, DateTimeOffset at)
    {
        var account = ledger.Account;
        var points = lot.ToTake(lot.Worth(refunded));
        var qualifying = lot.IsPending ? 0 : lot.QualifyingWorth(refunded) - lot.QualifyingWorth(lot.Refunded);
        Lot[] own = lot.IsPending || at < lot.ExpiresAt ? [lot] : [];
        var sources =
            policy == ReturnPolicy.OnlyPending
                ? own.Where(l => l.IsPending)
                : own.Concat(account.ByExpiry.Where(l => l.Id != lot.Id && at < l.ExpiresAt));
        var from = sources.Take(points);
        var taken = from.Sum(a => a.Points);
        var owed = policy == ReturnPolicy.Unlimited ? points - taken : 0;
        ledger.Note(
            new PointsReversed(
                ReturnId: returnId,
                PurchaseId: lot.PurchaseId!.Value,
                LotId: lot.Id,
                Points: taken + owed,
                Qualifying: qualifying,
                Refunded: refunded,
                From: from,
                Owed: owed,
                Balance: account.Balance - taken - owed,
                OccurredAt: at
            )
        );
    }
}
