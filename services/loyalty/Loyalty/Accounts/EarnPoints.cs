using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Counts a purchase, and earns what the rules in force on its date give for it. Opens the account where there is none.</summary>
/// <param name="Rate">From the purchase's currency to the base currency, in which Net and that of the lines are.</param>
public sealed record EarnPoints(
    Guid PurchaseId,
    decimal Net,
    DateTimeOffset At,
    string Channel = "",
    IReadOnlyList<Line>? Lines = null,
    decimal? Rate = null
)
{
    public IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules)
    {
        if (account.IsForgotten || account.Purchases.ContainsKey(PurchaseId) || At < account.BooksClosedBefore)
            return [];
        var occasion = new Occasion(Occasion.Purchase, PurchaseId, At, Net, Lines ?? [], Channel);
        var ledger = new Ledger(account, rules).Open(At).Pass(At);
        var set = rules.RuleAt(At);
        var awards = (set?.Awards(occasion, ledger.Account, rules.Business) ?? []).WithBenefit(ledger.Scheme, ledger.Account.Tier);
        ledger.Note(new PurchaseCounted(PurchaseId, Channel, Net, occasion.Lines!, At, Rate)).Award(occasion, set?.Version ?? 0, awards);
        return ledger.CloseBooks(At).Facts;
    }
}
