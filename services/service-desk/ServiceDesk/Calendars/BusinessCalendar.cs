using NodaTime;

namespace CrmPlatform.ServiceDesk.Calendars;

/// <summary>From and To in minutes of the local day; 1,440 is the midnight at its end.</summary>
public readonly record struct OpeningHours(int From, int To);

/// <summary>
/// When the desk is open: several intervals per weekday, holidays, one-off openings (which replace what the day would have). Hours are read
/// on the local clock and counted in real time: a day on which the clock is changed has an hour more or less, if the change falls in
/// opening hours.
/// </summary>
public sealed class BusinessCalendar(
    string timeZone,
    IReadOnlyDictionary<IsoDayOfWeek, OpeningHours[]> week,
    IReadOnlySet<DateOnly> holidays,
    IReadOnlyDictionary<DateOnly, OpeningHours[]> openings
)
{
    const int NeverOpen = 3660;

    readonly DateTimeZone zone = DateTimeZoneProviders.Tzdb[timeZone];

    /// <summary>
    /// The instant at which an amount of business time after <paramref name="start"/> has passed; the start itself for nothing or less.
    /// </summary>
    /// <exception cref="InvalidOperationException">The calendar does not open within ten years.</exception>
    public DateTimeOffset Add(DateTimeOffset start, TimeSpan businessTime)
    {
        var (from, left) = (Instant.FromDateTimeOffset(start), Duration.FromTimeSpan(businessTime));
        if (left <= Duration.Zero)
            return start;
        var (day, closed) = (LocalDay(from), 0);
        for (; closed < NeverOpen; day = day.PlusDays(1))
        {
            var open = false;
            foreach (var (begins, ends) in On(day))
            {
                if (ends <= from)
                    continue;
                open = true;
                var at = Instant.Max(begins, from);
                if (ends - at >= left)
                    return (at + left).ToDateTimeOffset();
                left -= ends - at;
            }
            closed = open ? 0 : closed + 1;
        }
        throw new InvalidOperationException("the calendar is never open");
    }

    /// <summary>The business time between two instants; nothing when the second is not later.</summary>
    public TimeSpan Between(DateTimeOffset from, DateTimeOffset to)
    {
        var (start, end, sum) = (Instant.FromDateTimeOffset(from), Instant.FromDateTimeOffset(to), Duration.Zero);
        for (var day = LocalDay(start); day <= LocalDay(end); day = day.PlusDays(1))
            foreach (var (begins, ends) in On(day))
                if (Instant.Min(ends, end) - Instant.Max(begins, start) is var open && open > Duration.Zero)
                    sum += open;
        return sum.ToTimeSpan();
    }

    /// <summary>
    /// The opening hours of a day as instants. A local time that a change of the clock skips is the first instant after the gap.
    /// </summary>
    IEnumerable<(Instant Begins, Instant Ends)> On(LocalDate day)
    {
        var date = day.ToDateOnly();
        var hours =
            openings.TryGetValue(date, out var once) ? once
            : holidays.Contains(date) ? []
            : week.GetValueOrDefault(day.DayOfWeek, []);
        foreach (var h in hours)
            yield return (At(day, h.From), At(day, h.To));
    }

    Instant At(LocalDate day, int minute)
    {
        var local = (minute == 1440 ? day.PlusDays(1) : day) + LocalTime.FromMinutesSinceMidnight(minute % 1440);
        var mapping = zone.MapLocal(local);
        return mapping.Count switch
        {
            0 => mapping.LateInterval.Start,
            _ => mapping.First().ToInstant(),
        };
    }

    LocalDate LocalDay(Instant instant) => instant.InZone(zone).Date;
}
