namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// Takes back the points of returned goods: proportional to the refunded net amount, at the rate of the purchase; from its own lot first,
/// then from the others. Where they are spent, the return policy decides; what has expired is not asked for again.
/// </summary>
public sealed record ReversePoints(Guid ReturnId, Guid PurchaseId, decimal Net, DateTimeOffset At)
{
    public IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules)
    {
        // A purchase that earned nothing has nothing to give back.
        if (!account.Lots.ContainsKey(Lot.IdOf(PurchaseId)) || Net <= 0) return [];
        var expired = ExpirePoints.Decide(account, At);
        var now = account.After(expired);
        var lot = now.Lots[Lot.IdOf(PurchaseId)];
        var reversed = Claim(now, lot, Math.Min(lot.Refunded + Net, lot.Net), ReturnId, rules.Returns, At);
        return [.. expired, reversed, .. ChangeTier.Decide(now.Evolve(reversed), rules, At)];
    }

    /// <summary>Claims what the cumulative refund of a lot's purchase is worth, and takes what can be taken.</summary>
    public static PointsReversed Claim(LoyaltyAccount account, Lot lot, decimal refunded, Guid returnId, ReturnPolicy policy, DateTimeOffset at)
    {
        var claimed = lot.Worth(refunded);
        var points = lot.ToTake(claimed);
        var from = account.Lots.Values.Where(l => at < l.ExpiresAt).ByExpiry().OrderByDescending(l => l.Id == lot.Id).Take(points);
        var taken = from.Sum(a => a.Points);
        var owed = policy == ReturnPolicy.Unlimited ? points - taken : 0;
        return new(returnId, lot.PurchaseId, lot.Id, taken + owed, claimed - lot.Claimed, refunded, from, owed, account.Balance - taken - owed, at);
    }
}
