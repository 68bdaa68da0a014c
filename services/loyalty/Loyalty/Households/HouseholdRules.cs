namespace CrmPlatform.Loyalty.Households;

/// <summary>How large a household is, and what its members may transfer (section <c>Households</c>).</summary>
public sealed class HouseholdRules
{
    public int MostMembers { get; set; } = 8;
    public long MostPerTransfer { get; set; } = 10_000;

    /// <summary>What one member may send in a day of the business, and in a calendar month.</summary>
    public long MostPerDay { get; set; } = 20_000;
    public long MostPerMonth { get; set; } = 50_000;

    /// <summary>How long both must have been in the household.</summary>
    public int MinDaysInHousehold { get; set; } = 7;

    /// <summary>Only points that were earned so many days ago can be sent: after that no goods come back for which they would have to.</summary>
    public int MinAgeDays { get; set; } = 30;

    public bool IsValid() => MostMembers is >= 2 and <= 100 && MostPerTransfer is >= 1 and <= LoyaltyRules.MostPoints && MostPerDay is >= 1 and <= LoyaltyRules.MostPoints && MostPerMonth is >= 1 and <= LoyaltyRules.MostPoints
        && MinDaysInHousehold is >= 0 and <= 3660 && MinAgeDays is >= 0 and <= 3660;
}
