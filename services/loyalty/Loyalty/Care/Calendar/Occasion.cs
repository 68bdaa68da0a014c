namespace CrmPlatform.Loyalty.Care.Calendar;

/// <summary>What makes a day worth a greeting.</summary>
public enum OccasionKind
{
    /// <summary>The person's birthday, in the calendar in which they keep it.</summary>
    Birthday,

    /// <summary>The day on which the customer became known, each later year.</summary>
    Registration,

    /// <summary>The day of the first purchase, each later year.</summary>
    FirstPurchase,

    /// <summary>A day of the common calendar: 元旦, 情人节, 国庆.</summary>
    Solar,

    /// <summary>A day of the lunar calendar: 春节, 元宵, 端午, 七夕, 中秋, 重阳.</summary>
    Lunar,

    /// <summary>The last day of the lunar year: 除夕.</summary>
    LunarEve,
}

/// <summary>A birthday without its year.</summary>
/// <param name="Lunar">Kept in the lunar calendar; one born in a leap month keeps the ordinary month of that name.</param>
public sealed record Birthday(bool Lunar, int Month, int Day)
{
    /// <summary>Null for what is no day of either calendar.</summary>
    public static Birthday? Of(string? calendar, int? month, int? day) =>
        (calendar, month, day) switch
        {
            ("solar", { } m, { } d) when SolarYear.Has(m, d) => new(Lunar: false, m, d),
            ("lunar", >= 1 and <= 12 and var m, >= 1 and <= 30 and var d) => new(Lunar: true, m, d),
            _ => null,
        };
}

/// <summary>The days of one customer that greetings may go by; null where they are not known.</summary>
public sealed record PersonalDays(Birthday? Birthday, DateOnly? Registered, DateOnly? FirstPurchase);
