using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Which of an account's points count for its tier by a scheme, and how long the tier lasts that they make.</summary>
public static class TierPoints
{
    /// <summary>Where the window begins in which an instant lies.</summary>
    public static DateTimeOffset From(this TierScheme scheme, LoyaltyAccount account, DateTimeOffset at, Business business) =>
        scheme.Window switch
        {
            TierWindow.Lifetime => DateTimeOffset.MinValue,
            TierWindow.Rolling => business.StartOf(business.DayOf(at).AddMonths(-scheme.Months).AddDays(1)),
            TierWindow.SinceTierStart => account.CountsFrom,
            _ => business.StartOf(Period(scheme, account, business.DayOf(at), 0, business)),
        };

    /// <summary>Points that count at an instant, what happened at it included.</summary>
    public static long Points(this TierScheme scheme, LoyaltyAccount account, DateTimeOffset at, Business business) =>
        scheme.Expires ? account.QualifiedIn(scheme.From(account, at, business), at) : account.QualifyingPoints;

    /// <summary>When a tier ends that was reached at an instant; null where it does not.</summary>
    public static DateTimeOffset? ExpiryOf(
        this TierScheme scheme,
        int rank,
        LoyaltyAccount account,
        DateTimeOffset at,
        Business business
    ) =>
        rank == 0
            ? null
            : scheme.Window switch
            {
                TierWindow.Lifetime => null,
                TierWindow.Rolling or TierWindow.SinceTierStart => business.StartOf(business.DayOf(at).AddMonths(scheme.Months).AddDays(1)),
                _ => business.StartOf(Period(scheme, account, business.DayOf(at), 1 + scheme.KeptPeriods, business)),
            };

    /// <summary>First day of the period in which a day lies, or so many periods later.</summary>
    static DateOnly Period(TierScheme scheme, LoyaltyAccount account, DateOnly day, int later, Business business)
    {
        if (scheme.Window == TierWindow.Calendar)
            return new DateOnly(day.Year, (day.Month - 1) / scheme.Months * scheme.Months + 1, 1).AddMonths(later * scheme.Months);
        var joined = business.DayOf(account.OpenedAt);
        var periods = (int)Math.Floor(((day.Year - joined.Year) * 12 + day.Month - joined.Month) / (double)scheme.Months);
        // The months were counted without their days; and the 31st is not in every month.
        if (joined.AddMonths(periods * scheme.Months) > day)
            periods--;
        else if (joined.AddMonths((periods + 1) * scheme.Months) <= day)
            periods++;
        return joined.AddMonths((periods + later) * scheme.Months);
    }
}
