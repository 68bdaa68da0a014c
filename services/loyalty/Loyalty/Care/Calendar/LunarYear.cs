using System.Globalization;

namespace CrmPlatform.Loyalty.Care.Calendar;

/// <summary>
/// Days of the Chinese lunisolar calendar (农历). Months are named 1 to 12; a leap month (闰月) repeats the month before it and holds no
/// festival, so a month's name always means its first, ordinary one.
/// </summary>
public static class LunarYear
{
    static readonly ChineseLunisolarCalendar calendar = new();

    /// <summary>The lunar years that can be computed: 1901 to 2100.</summary>
    public static bool Knows(int year) => year is >= 1901 and <= 2100;

    /// <summary>The day on which a lunar day falls. The 30th of a month that has only 29 days is its last day.</summary>
    /// <returns>Null outside of the years that are known.</returns>
    public static DateOnly? DayOf(int year, int month, int day)
    {
        if (!Knows(year))
            return null;
        var place = PlaceOf(year, month);
        return DateOnly.FromDateTime(calendar.ToDateTime(year, place, Math.Min(day, calendar.GetDaysInMonth(year, place)), 0, 0, 0, 0));
    }

    /// <summary>
    /// The last day of a lunar year: 除夕, whether its last month has 29 days or 30, and also when that month is a leap month.
    /// </summary>
    public static DateOnly? EveAfter(int year) =>
        Knows(year)
            ? DateOnly.FromDateTime(
                calendar.ToDateTime(
                    year,
                    calendar.GetMonthsInYear(year),
                    calendar.GetDaysInMonth(year, calendar.GetMonthsInYear(year)),
                    0,
                    0,
                    0,
                    0
                )
            )
            : null;

    /// <summary>The lunar year in which a day lies.</summary>
    public static int Of(DateOnly day) => calendar.GetYear(Clamped(day));

    static int PlaceOf(int year, int month) => calendar.GetLeapMonth(year) is > 0 and var leap && month >= leap ? month + 1 : month;

    static DateTime Clamped(DateOnly day)
    {
        var at = day.ToDateTime(TimeOnly.MinValue);
        return at < calendar.MinSupportedDateTime ? calendar.MinSupportedDateTime
            : at > calendar.MaxSupportedDateTime ? calendar.MaxSupportedDateTime
            : at;
    }
}
