using System.Globalization;
using NodaTime;

namespace CrmPlatform.ServiceDefaults;

/// <summary>A calendar in the settings: <c>"Monday": ["09:00-12:00", "13:00-18:00"]</c>, holidays and one-off openings by date.</summary>
public sealed class CalendarSettings
{
    /// <summary>IANA name of the time zone; the company's own zone if empty.</summary>
    public string? TimeZone { get; set; }

    /// <summary>By weekday (<c>Monday</c>) the intervals in which it is open, in local time: <c>09:00-12:00</c>.</summary>
    public Dictionary<string, string[]> Week { get; set; } = [];

    /// <summary>Days on which it is closed: <c>2026-10-01</c>.</summary>
    public string[] Holidays { get; set; } = [];

    /// <summary>By day other intervals than those of its weekday.</summary>
    public Dictionary<string, string[]> Openings { get; set; } = [];

    /// <exception cref="FormatException">A key is not a weekday, or a value is not a date or an interval.</exception>
    public BusinessCalendar Build(string companyZone)
    {
        var week = new Dictionary<IsoDayOfWeek, OpeningHours[]>();
        foreach (var (day, intervals) in Week)
            if (!week.TryAdd(Weekday(day), Hours(intervals)))
                throw new FormatException($"Calendars:Week: '{day}' is given twice");
        if (week.Values.All(h => h.Length == 0))
            throw new FormatException("Calendars:Week: no day has opening hours");
        var zone = string.IsNullOrEmpty(TimeZone) ? companyZone : TimeZone;
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null)
            throw new FormatException($"Calendars:TimeZone: '{zone}' is not an IANA time zone");
        return new(zone, week, Holidays.Select(Date).ToHashSet(), Openings.ToDictionary(o => Date(o.Key), o => Hours(o.Value)));
    }

    // By name only: Enum.Parse also knows numbers and lists.
    static IsoDayOfWeek Weekday(string name) =>
        Enum.TryParse<IsoDayOfWeek>(name, ignoreCase: true, out var day)
        && day != IsoDayOfWeek.None
        && day.ToString().Equals(name, StringComparison.OrdinalIgnoreCase)
            ? day
            : throw new FormatException($"Calendars:Week: '{name}' is not a weekday, like Monday");

    static DateOnly Date(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw new FormatException($"Calendars: '{text}' is not a day like 2026-05-31");

    static OpeningHours[] Hours(string[] intervals)
    {
        var hours = intervals
            .Select(i => i.Split('-'))
            .Select(p =>
                p.Length == 2
                    ? new OpeningHours(Minute(p[0]), Minute(p[1]))
                    : throw new FormatException($"Calendars: '{string.Join('-', p)}' is not an interval like 09:00-12:00")
            )
            .OrderBy(h => h.From)
            .ToArray();
        if (hours.Any(h => h.From >= h.To) || hours.Zip(hours.Skip(1)).Any(pair => pair.First.To > pair.Second.From))
            throw new FormatException($"Calendars: '{string.Join(", ", intervals)}': intervals must end after they begin and not overlap");
        return hours;
    }

    static int Minute(string text) =>
        text.Trim() == "24:00" ? 1440
        : TimeOnly.TryParseExact(text.Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? (int)time.ToTimeSpan().TotalMinutes
        : throw new FormatException($"Calendars: '{text}' is not a time like 09:00");
}
