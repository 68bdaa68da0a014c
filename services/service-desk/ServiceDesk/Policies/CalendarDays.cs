using NodaTime;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>What single days of a calendar were: by <c>2026-09-25</c> the intervals in which it was open, none if it was closed.</summary>
static class CalendarDays
{
    /// <summary>The hours of a day by this calendar: its opening, else none on a holiday, else those of its weekday.</summary>
    static string[] Of(CalendarSettings calendar, string day)
    {
        if (calendar.Openings.TryGetValue(day, out var opening))
            return opening;
        return calendar.Holidays.Contains(day) ? [] : OfWeekday(calendar, day);
    }

    static string[] OfWeekday(CalendarSettings calendar, string day)
    {
        var weekday = LocalDate.FromDateOnly(Day(day)!.Value).DayOfWeek;
        return calendar.Week.FirstOrDefault(w => Enum.Parse<IsoDayOfWeek>(w.Key, ignoreCase: true) == weekday).Value ?? [];
    }

    public static DateOnly? Day(string day) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, default, out var date) ? date : null;

    /// <summary>Whether the calendar has other hours on one of the days.</summary>
    public static bool Differs(this CalendarSettings calendar, IEnumerable<KeyValuePair<string, string[]>> days) =>
        days.Any(d => !Of(calendar, d.Key).SequenceEqual(d.Value));

    /// <summary>The calendar with these hours on these days: an ordinary day is neither a holiday nor an opening.</summary>
    public static CalendarSettings With(this CalendarSettings calendar, IEnumerable<KeyValuePair<string, string[]>> days) =>
        days.Where(d => !Of(calendar, d.Key).SequenceEqual(d.Value))
            .OrderBy(d => d.Key, StringComparer.Ordinal)
            .Aggregate(
                calendar,
                (c, d) =>
                {
                    var ordinary = d.Value.SequenceEqual(OfWeekday(c, d.Key));
                    var (holidays, openings) = (c.Holidays.Where(h => h != d.Key), c.Openings.Where(o => o.Key != d.Key));
                    return new()
                    {
                        TimeZone = c.TimeZone,
                        Week = c.Week,
                        Holidays = [.. ordinary || d.Value.Length > 0 ? holidays : holidays.Append(d.Key)],
                        Openings = (ordinary || d.Value.Length == 0 ? openings : openings.Append(d)).ToDictionary(),
                    };
                }
            );
}
