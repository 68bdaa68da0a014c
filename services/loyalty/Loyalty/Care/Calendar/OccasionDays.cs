namespace CrmPlatform.Loyalty.Care.Calendar;

/// <summary>On which day an occasion falls in a year. Pure: the year, the day in it and the person are all that it asks.</summary>
public static class OccasionDays
{
    /// <param name="month">Of a festival; others do not ask.</param>
    /// <param name="day">Of a festival; others do not ask.</param>
    /// <param name="year">Of the occasion's own calendar: 除夕 of the lunar year 2025 falls on 2026-02-16.</param>
    /// <returns>Null where the person has no such day, an anniversary would be the first day itself, or the calendar ends.</returns>
    public static DateOnly? Of(OccasionKind kind, int month, int day, int year, PersonalDays person, LeapDayRule leapDay) =>
        kind switch
        {
            OccasionKind.Birthday when person.Birthday is { Lunar: true } b => LunarYear.DayOf(year, b.Month, b.Day),
            OccasionKind.Birthday when person.Birthday is { } b => SolarYear.DayOf(year, b.Month, b.Day, leapDay),
            OccasionKind.Registration when person.Registered is { } first && year > first.Year => SolarYear.DayOf(
                year,
                first.Month,
                first.Day,
                leapDay
            ),
            OccasionKind.FirstPurchase when person.FirstPurchase is { } first && year > first.Year => SolarYear.DayOf(
                year,
                first.Month,
                first.Day,
                leapDay
            ),
            OccasionKind.Solar => SolarYear.DayOf(year, month, day, leapDay),
            OccasionKind.Lunar => LunarYear.DayOf(year, month, day),
            OccasionKind.LunarEve => LunarYear.EveAfter(year),
            _ => null,
        };

    /// <summary>The year, by the occasion's own calendar, that is under way on a day.</summary>
    public static int YearOn(OccasionKind kind, DateOnly day, PersonalDays person) =>
        kind is OccasionKind.Lunar or OccasionKind.LunarEve || (kind == OccasionKind.Birthday && person.Birthday is { Lunar: true })
            ? LunarYear.Of(day)
            : day.Year;
}
