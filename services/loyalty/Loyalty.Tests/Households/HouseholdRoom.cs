namespace CrmPlatform.Loyalty.Tests.Households;

/// <summary>A room of its own, where new members may send fresh points.</summary>
public sealed class HouseholdRoom : LoyaltyRoom
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["Households:MinDaysInHousehold"] = "0",
            ["Households:MinAgeDays"] = "0",
            ["Households:MostPerTransfer"] = "500",
            ["Households:MostMembers"] = "4",
        };
}
