using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// Points that no rule gives: a birthday present, attendance at an event. They last as the first rule in force says, and do not count for
/// the tier.
/// </summary>
/// <param name="SourceId">What is rewarded: once by each rule name.</param>
public sealed record AwardPoints(Guid SourceId, string Rule, long Points, DateTimeOffset At)
{
    public IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules)
    {
        if (account.IsForgotten || account.Lots.ContainsKey(Lot.IdOf(SourceId, Rule)) || At < account.BooksClosedBefore)
            return [];
        var set = rules.RuleAt(At);
        var rule = new EarningRule
        {
            Name = Rule,
            On = Rule,
            Points = Points,
            Qualifying = 0,
            Valid = set?.Rules[0].Valid ?? new() { Count = 24 },
        };
        return new Ledger(account, rules)
            .Open(At)
            .Pass(At)
            .Award(new(Rule, SourceId, At), set?.Version ?? 0, [new(rule, Points, 0)])
            .CloseBooks(At)
            .Facts;
    }
}
