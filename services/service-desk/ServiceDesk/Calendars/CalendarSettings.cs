using System.Globalization;
using NodaTime;

namespace CrmPlatform.ServiceDesk.Calendars;

/// <summary>
/// A calendar as settings write it: <c>"Monday": ["09:00-12:00", "13:00-18:00"]</c>, holidays and one-off openings by date.
/// </summary>
public sealed class CalendarSettings
{
    /// <summary>IANA name; the company's own zone when it is empty.</summary>
    public string? TimeZone { get; set; }

    public Dictionary<string, string[]> Week { get; set; } = [];
    public string[] Holidays { get; set; } = [];
    public Dictionary<string, string[]> Openings { get; set; } = [];

    /// <exception cref="FormatException">Something is not a weekday, a date or an interval.</exception>
    public BusinessCalendar Build(string companyZone)
    {
        var week = Week.ToDictionary(
            d =>
                Enum.TryParse<IsoDayOfWeek>(d.Key, ignoreCase: true, out var day) && day != IsoDayOfWeek.None
                    ? day
                    : throw new FormatException($"'{d.Key}' is not a weekday"),
            d => Hours(d.Value)
        );
        if (week.Values.All(h => h.Length == 0))
            throw new FormatException("a week without opening hours");
        var zone = string.IsNullOrEmpty(TimeZone) ? companyZone : TimeZone;
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null)
            throw new FormatException($"'{zone}' is not an IANA time zone");
        return new(zone, week, Holidays.Select(Date).ToHashSet(), Openings.ToDictionary(o => Date(o.Key), o => Hours(o.Value)));
    }

    static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    static OpeningHours[] Hours(string[] intervals)
    {
        var hours = intervals
            .Select(i => i.Split('-'))
            .Select(p =>
                p.Length == 2
                    ? new OpeningHours(Minute(p[0]), Minute(p[1]))
                    : throw new FormatException($"'{string.Join('-', p)}' is not an interval")
            )
            .OrderBy(h => h.From)
            .ToArray();
        if (hours.Any(h => h.From >= h.To) || hours.Zip(hours.Skip(1)).Any(pair => pair.First.To > pair.Second.From))
            throw new FormatException($"'{string.Join(", ", intervals)}': an interval ends after it begins, and they do not overlap");
        return hours;
    }

    static int Minute(string text) =>
        text.Trim() == "24:00"
            ? 1440
            : (int)TimeOnly.ParseExact(text.Trim(), "HH:mm", CultureInfo.InvariantCulture).ToTimeSpan().TotalMinutes;
}
