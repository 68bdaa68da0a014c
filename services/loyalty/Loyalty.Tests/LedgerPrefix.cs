namespace CrmPlatform.Loyalty.Tests;

/// <summary>An account after some of its facts, and the sums of what moved points in them.</summary>
sealed record LedgerPrefix(
    LoyaltyAccount Account,
    long Earned = 0,
    long Redeemed = 0,
    long Expired = 0,
    long Reversed = 0,
    long In = 0,
    long Out = 0
)
{
    public long Sum => Earned + In - Out - Redeemed - Expired - Reversed;
}
