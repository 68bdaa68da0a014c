using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Every customer has an account: from registration on, or from the first purchase if that comes first.</summary>
public static class OpenAccount
{
    public static IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules, DateTimeOffset at) =>
        account.IsForgotten ? [] : new Ledger(account, rules).Open(at).Facts;
}
