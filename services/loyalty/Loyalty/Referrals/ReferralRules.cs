using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Loyalty.Referrals;

/// <summary>
/// Which purchase makes a referral good, and how many of them are rewarded (section <c>Referrals</c>). How many points, say the earning
/// rules.
/// </summary>
public sealed class ReferralRules
{
    /// <summary>Whole days of the business in which goods can be returned, the day of the purchase not counted.</summary>
    [Range(0, 3660)]
    public int ReturnWindowDays { get; set; } = 30;

    /// <summary>What must be left of the purchase when its return window is over, in the base currency.</summary>
    [Range(0.0, 1_000_000_000.0)]
    public decimal MinNet { get; set; }

    /// <summary>Only who has bought nothing yet can be referred.</summary>
    public bool NewCustomersOnly { get; set; } = true;

    /// <summary>So long after the referral a purchase still counts.</summary>
    [Range(1, 3660)]
    public int LapsesAfterDays { get; set; } = 365;

    /// <summary>Rewarded referrals of one referrer in <see cref="PeriodDays"/> days of the business; null: as many as they bring.</summary>
    [Range(1, ReferralMember.MostCounted)]
    public int? MostPerPeriod { get; set; } = 10;

    [Range(1, 3660)]
    public int PeriodDays { get; set; } = 30;

    /// <summary>How often the clock looks. It dates nothing.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Every { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// So long after a purchase was noticed nothing is decided on it: where much is told at once, after a downtime, its return is among
    /// what is still to come.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Settle { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The first instant after the return window of a purchase.</summary>
    public DateTimeOffset PastReturns(DateTimeOffset purchased, Business business) =>
        business.StartOf(business.DayOf(purchased).AddDays(ReturnWindowDays + 1));

    public DateTimeOffset LapsesAt(DateTimeOffset made, Business business) =>
        business.StartOf(business.DayOf(made).AddDays(LapsesAfterDays + 1));
}
