using NodaTime;

namespace CrmPlatform.ServiceDefaults;

/// <summary>One opening interval: From and To in minutes of the local day; 1,440 is the midnight at its end.</summary>
public readonly record struct OpeningHours(int From, int To);

/// <summary>
/// Opening hours: several intervals per weekday, holidays, one-off openings (which replace the weekday's hours). Hours are given
/// in local time and counted in elapsed time: if daylight saving time begins or ends within opening hours, that day has an hour less or
/// more.
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
    /// The instant at which an amount of business time has passed since <paramref name="start"/>; the start itself if the amount is zero or
    /// negative.
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
        throw new InvalidOperationException("the calendar has no opening hours within ten years");
    }

    /// <summary>The same local time on the n-th open day after that of <paramref name="start"/>.</summary>
    /// <param name="days">1 or more.</param>
    /// <exception cref="InvalidOperationException">The calendar does not open within ten years.</exception>
    public DateTimeOffset AddDays(DateTimeOffset start, int days)
    {
        var local = Instant.FromDateTimeOffset(start).InZone(zone).LocalDateTime;
        return zone.AtLeniently(OpenDay(local.Date, days) + local.TimeOfDay).ToInstant().ToDateTimeOffset();
    }

    /// <summary>
    /// When a period of open days is over: the midnight at the end of the n-th open day after that of <paramref name="start"/>, which does
    /// not count itself.
    /// </summary>
    /// <param name="days">1 or more.</param>
    /// <exception cref="InvalidOperationException">The calendar does not open within ten years.</exception>
    public DateTimeOffset EndOfDays(DateTimeOffset start, int days) =>
        At(OpenDay(LocalDay(Instant.FromDateTimeOffset(start)), days), 1440).ToDateTimeOffset();

    LocalDate OpenDay(LocalDate day, int days)
    {
        var closed = 0;
        while (days > 0)
        {
            day = day.PlusDays(1);
            if (On(day).Any())
                (days, closed) = (days - 1, 0);
            else if (++closed > NeverOpen)
                throw new InvalidOperationException("the calendar has no opening hours within ten years");
        }
        return day;
    }

    /// <summary>The business time between two instants; zero if the second is not later than the first.</summary>
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
    /// The opening hours of a day as instants. A local time that does not exist because daylight saving time begins becomes the first
    /// instant after it.
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
        var local = (minute == 1440 ? day.PlusDays(1) : day) + NodaTime.LocalTime.FromMinutesSinceMidnight(minute % 1440);
        var mapping = zone.MapLocal(local);
        return mapping.Count switch
        {
            0 => mapping.LateInterval.Start,
            _ => mapping.First().ToInstant(),
        };
    }

    LocalDate LocalDay(Instant instant) => instant.InZone(zone).Date;
}
