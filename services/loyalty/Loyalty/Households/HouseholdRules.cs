using System.ComponentModel.DataAnnotations;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Households;

/// <summary>How large a household is, and what its members may transfer (section <c>Households</c>).</summary>
public sealed class HouseholdRules
{
    [Range(2, 100)]
    public int MostMembers { get; set; } = 8;

    [Range(1, LoyaltyRules.MostPoints)]
    public long MostPerTransfer { get; set; } = 10_000;

    /// <summary>What one member may send in a day of the business, and in a calendar month.</summary>
    [Range(1, LoyaltyRules.MostPoints)]
    public long MostPerDay { get; set; } = 20_000;

    [Range(1, LoyaltyRules.MostPoints)]
    public long MostPerMonth { get; set; } = 50_000;

    /// <summary>How long both must have been in the household.</summary>
    [Range(0, 3660)]
    public int MinDaysInHousehold { get; set; } = 7;

    /// <summary>
    /// Only points that were earned so many days ago can be sent: after that no goods come back for which they would have to.
    /// </summary>
    [Range(0, 3660)]
    public int MinAgeDays { get; set; } = 30;
}
