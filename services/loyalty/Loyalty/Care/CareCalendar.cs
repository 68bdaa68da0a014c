using CrmPlatform.Loyalty.Care.Calendar;

namespace CrmPlatform.Loyalty.Care;

/// <summary>An occasion of one customer and the instant when it is due.</summary>
/// <param name="Day">The occasion itself; it is due that many lead days earlier.</param>
public sealed record Due(string Occasion, int Year, DateOnly Day, DateTimeOffset At);

/// <summary>The plan's occasions as instants of the business's clock. Pure.</summary>
public sealed class CareCalendar(CarePlan plan, Business business)
{
    readonly TimeZoneInfo zone = business.Zone;

    public CarePlan Plan => plan;

    public DateOnly? DayOf(DateTimeOffset? instant) => instant is { } at ? DayOf(at) : null;

    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>Every time of an occasion after an instant for two hundred years, the earliest first: no downtime is longer.</summary>
    public IEnumerable<Due> After(string code, PersonalDays person, DateTimeOffset after)
    {
        if (!plan.Occasions.TryGetValue(code, out var occasion) || !occasion.Enabled)
            yield break;
        // With lead days an occasion of the next year may be due in this one; a lunar year begins up to seven weeks late.
        var first = OccasionDays.YearOn(occasion.Kind, DayOf(after), person) - 1;
        for (var year = Math.Max(first, 1901); year < Math.Min(first + 200, 9_000); year++)
            if (
                OccasionDays.Of(occasion.Kind, occasion.Month, occasion.Day, year, person, plan.LeapDay) is { } day
                && At(day.AddDays(-occasion.LeadDays), occasion.Hour) is var due
                && due > after
            )
                yield return new(code, year, day, due);
    }

    /// <summary>
    /// The instant of an hour of the business's day. An hour that the clock leaps over is the first one after it; of one that comes twice
    /// it is the first.
    /// </summary>
    public DateTimeOffset At(DateOnly day, int hour)
    {
        var local = day.ToDateTime(new TimeOnly(hour, 0));
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(15);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
