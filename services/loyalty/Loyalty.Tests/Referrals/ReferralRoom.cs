namespace CrmPlatform.Loyalty.Tests.Referrals;

/// <summary>A room of its own: its clock is moved.</summary>
public sealed class ReferralRoom : LoyaltyRoom
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["Referrals:MostPerPeriod"] = "3", ["Referrals:Settle"] = "00:00:00" };
}
