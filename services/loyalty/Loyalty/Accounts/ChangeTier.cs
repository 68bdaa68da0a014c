namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// The tier follows the qualifying points at once: points earned over the account's life, less those of returned goods. Spending and expiry
/// never lower them.
/// </summary>
public static class ChangeTier
{
    public static IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules, DateTimeOffset at)
        => rules.TierFor(account.QualifyingPoints) is var tier && tier != account.Tier
            ? [new TierChanged(account.Tier!, tier, account.QualifyingPoints, at)]
            : [];
}
