namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Points that no purchase gives: a birthday present, attendance at an event.</summary>
/// <param name="SourceId">What is rewarded: once by each rule name.</param>
public sealed record AwardPoints(Guid SourceId, string Rule, long Points, DateTimeOffset At)
{
    public IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules)
    {
        var lotId = NameId.For("lot", SourceId.ToString(), Rule);
        if (account.IsForgotten || account.Lots.ContainsKey(lotId) || rules.RuleAt(At) is not { } rule) return [];
        IAccountEvent[] opening = OpenAccount.Decide(account, rules, At);
        var repaid = Math.Min(Points, account.Debt);
        var earned = new PointsEarned(lotId, SourceId, Points, repaid, 0, rule.Version, rule.ExpiryOf(At), account.Balance + Points, At);
        return [.. opening, earned, .. ChangeTier.Decide(account.After([.. opening, earned]), rules, At)];
    }
}
