using System.Globalization;

namespace CrmPlatform.ServiceDefaults;

/// <summary>A time without an offset, as a system writes it by its own clock.</summary>
static class LocalTime
{
    static readonly string[] formats =
    [
        "yyyy-MM-dd HH:mm",
        "yyyy-MM-dd HH:mm:ss",
        "yyyy-MM-dd HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd'T'HH:mm",
        "yyyy-MM-dd'T'HH:mm:ss",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
    ];

    public static string Expected(TimeZoneInfo zone) => $"{Instants.Expected}, or a time of {zone.Id} like 2026-05-31 12:00:00";

    /// <summary>The instant at which the clocks of a zone show a time.</summary>
    /// <param name="fault">Why it is none, where it reads as one: the clocks never show it, or twice.</param>
    public static bool TryParse(string cell, TimeZoneInfo zone, out DateTimeOffset instant, out string? fault)
    {
        (instant, fault) = (default, null);
        // Far from the ends of time, where an offset leads out of it: 0001-01-01 and 9999-12-31 are what some systems write for "none".
        if (
            !DateTime.TryParseExact(cell, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            || time.Year is < 1800 or > 2300
        )
            return false;
        fault =
            zone.IsInvalidTime(time) ? $"a time that the clocks of {zone.Id} show"
            : zone.IsAmbiguousTime(time) ? $"an instant with an offset here: the clocks of {zone.Id} show this time twice"
            : null;
        if (fault is not null)
            return false;
        instant = new(time, zone.GetUtcOffset(time));
        return Instants.Accepts(instant);
    }
}
