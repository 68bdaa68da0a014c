using System.Globalization;

namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// Others may greet a person on their birthday, so they hear its month and day when it changes, never the year. Who keeps it in the lunar
/// calendar (preference <c>birthdayCalendar</c> = <c>lunar</c>) is told by the lunar day only. One born in a leap month keeps the ordinary
/// month of that name. Without a year the month and day are those of the calendar in which the birthday is kept.
/// </summary>
public static class NoteBirthday
{
    static readonly ChineseLunisolarCalendar lunar = new();

    public static ICustomerEvent[] Decide(Customer customer, Guid id, Profile profile, DateTimeOffset at)
    {
        var asLunar = profile.Preferences?.GetValueOrDefault("birthdayCalendar") == "lunar";
        var birthday =
            profile.BirthDate is { } date ? Of(date, asLunar)
            : profile.Birthday?.Split('-') is [_, _, var month, var day]
                ? new Birthday(
                    asLunar ? "lunar" : "solar",
                    int.Parse(month, CultureInfo.InvariantCulture),
                    int.Parse(day, CultureInfo.InvariantCulture)
                )
            : null;
        return birthday == customer.Birthday ? [] : [new BirthdayNoted(birthday is null ? null : Personal.Of(id, birthday), at)];
    }

    public static Birthday Of(DateOnly date, bool asLunar)
    {
        var day = date.ToDateTime(TimeOnly.MinValue);
        if (!asLunar || day < lunar.MinSupportedDateTime || day > lunar.MaxSupportedDateTime)
            return new("solar", date.Month, date.Day);
        var (place, leap) = (lunar.GetMonth(day), lunar.GetLeapMonth(lunar.GetYear(day)));
        return new("lunar", leap > 0 && place >= leap ? place - 1 : place, lunar.GetDayOfMonth(day));
    }
}
