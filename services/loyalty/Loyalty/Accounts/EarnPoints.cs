namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Opens the account where there is none, and earns points for a purchase by the rule in force on its date.</summary>
public sealed record EarnPoints(Guid PurchaseId, decimal Net, DateTimeOffset At)
{
    public IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules)
    {
        var lotId = Lot.IdOf(PurchaseId);
        if (account.Lots.ContainsKey(lotId)) return [];
        IAccountEvent[] opening = OpenAccount.Decide(account, rules, At);
        if (rules.RuleAt(At) is not { } rule || rule.PointsFor(Net) is not (> 0 and var points)) return opening;

        var repaid = Math.Min(points, account.Debt);
        var earned = new PointsEarned(lotId, PurchaseId, points, repaid, Net, rule.Version, rule.ExpiryOf(At), account.Balance + points, At);
        return [.. opening, earned, .. ChangeTier.Decide(account.After([.. opening, earned]), rules, At)];
    }
}
