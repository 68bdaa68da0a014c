namespace CrmPlatform.Loyalty.Points;

public enum ExpiryUnit
{
    Days,
    Months,
    Years,

    /// <summary>Points never expire.</summary>
    Never,

    /// <summary>Count months without earning or spending: whatever happens on the account moves the expiry of all such points.</summary>
    Inactivity,
}

/// <summary>The end of which calendar period in the business's zone an expiry is moved to; weeks end on Sunday.</summary>
public enum ExpiryRound
{
    None,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// <summary>
/// How long points last: so many units from the instant when they can be spent, moved to the end of a period. 0 months to the end of the
/// month is "until the month ends".
/// </summary>
public sealed record Expiry
{
    /// <summary>The expiry of what never expires.</summary>
    public static readonly DateTimeOffset Never = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How many units; 0 with a round only.</summary>
    public int Count { get; init; }

    /// <summary>What is counted.</summary>
    public ExpiryUnit Unit { get; init; } = ExpiryUnit.Months;

    /// <summary>The end of which period it is moved to.</summary>
    public ExpiryRound Round { get; init; }

    /// <summary>
    /// The first instant at which the points are gone. Counted on the business's calendar: 24 months from the 31st end on the last day of a
    /// shorter month.
    /// </summary>
    public DateTimeOffset Of(DateTimeOffset from, Business business)
    {
        if (Unit == ExpiryUnit.Never)
            return Never;
        var local = TimeZoneInfo.ConvertTime(from, business.Zone).DateTime;
        var end = Unit switch
        {
            ExpiryUnit.Days => local.AddDays(Count),
            ExpiryUnit.Years => local.AddYears(Count),
            _ => local.AddMonths(Count),
        };
        if (Round != ExpiryRound.None)
            return business.StartOf(After(DateOnly.FromDateTime(end)));
        while (business.Zone.IsInvalidTime(end))
            end = end.AddMinutes(15);
        return new DateTimeOffset(end, business.Zone.GetUtcOffset(end)).ToUniversalTime();
    }

    /// <summary>The day after the period in which a day lies.</summary>
    DateOnly After(DateOnly day) =>
        Round switch
        {
            ExpiryRound.Day => day.AddDays(1),
            ExpiryRound.Week => day.AddDays(7 - ((int)day.DayOfWeek + 6) % 7),
            ExpiryRound.Month => new DateOnly(day.Year, day.Month, 1).AddMonths(1),
            ExpiryRound.Quarter => new DateOnly(day.Year, (day.Month - 1) / 3 * 3 + 1, 1).AddMonths(3),
            _ => new DateOnly(day.Year + 1, 1, 1),
        };

    public string? Fault() =>
        Unit == ExpiryUnit.Never
            ? Count == 0 && Round == ExpiryRound.None
                ? null
                : "never has neither count nor round"
            : Count is < 0 or > 1200
                ? "count is 0 to 1200"
                : Count == 0 && Round == ExpiryRound.None
                    ? "points would be gone at once: count, or round"
                    : Unit == ExpiryUnit.Inactivity && Count == 0
                        ? "inactivity counts months"
                        : null;
}
