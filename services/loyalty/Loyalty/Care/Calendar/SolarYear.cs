namespace CrmPlatform.Loyalty.Care.Calendar;

/// <summary>On which day a 29 February is kept in a common year.</summary>
public enum LeapDayRule
{
    February28,
    March1,
}

/// <summary>Days of the common calendar (公历).</summary>
public static class SolarYear
{
    public static DateOnly DayOf(int year, int month, int day, LeapDayRule leapDay) =>
        (month, day) != (2, 29) || DateTime.IsLeapYear(year) ? new(year, month, day)
        : leapDay == LeapDayRule.February28 ? new(year, 2, 28)
        : new(year, 3, 1);

    /// <summary>Whether there is such a day in some year.</summary>
    public static bool Has(int month, int day) => month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(2024, month);
}
