namespace CrmPlatform.Loyalty.Referrals;

/// <summary>Which purchase makes a referral good, and how many of them are rewarded (section <c>Referrals</c>). How many points, say the earning rules.</summary>
public sealed class ReferralRules
{
    /// <summary>Whole days of the business in which goods can be returned, the day of the purchase not counted.</summary>
    public int ReturnWindowDays { get; set; } = 30;

    /// <summary>What must be left of the purchase when its return window is over, in the base currency.</summary>
    public decimal MinNet { get; set; }

    /// <summary>Only who has bought nothing yet can be referred.</summary>
    public bool NewCustomersOnly { get; set; } = true;

    /// <summary>So long after the referral a purchase still counts.</summary>
    public int LapsesAfterDays { get; set; } = 365;

    /// <summary>Rewarded referrals of one referrer in <see cref="PeriodDays"/> days of the business; null: as many as they bring.</summary>
    public int? MostPerPeriod { get; set; } = 10;
    public int PeriodDays { get; set; } = 30;

    /// <summary>How often the clock looks. It dates nothing.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>So long after a purchase was noticed nothing is decided on it: where much is told at once, after a downtime, its return is among what is still to come.</summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The first instant after the return window of a purchase.</summary>
    public DateTimeOffset PastReturns(DateTimeOffset purchased, Business business) => business.StartOf(business.DayOf(purchased).AddDays(ReturnWindowDays + 1));

    public DateTimeOffset LapsesAt(DateTimeOffset made, Business business) => business.StartOf(business.DayOf(made).AddDays(LapsesAfterDays + 1));

    public bool IsValid() => ReturnWindowDays is >= 0 and <= 3660 && MinNet >= 0 && LapsesAfterDays is >= 1 and <= 3660 && MostPerPeriod is null or (>= 1 and <= ReferralMember.MostCounted)
        && PeriodDays is >= 1 and <= 3660 && Every > TimeSpan.Zero && Settle >= TimeSpan.Zero;
}
