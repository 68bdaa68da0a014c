using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Time zone, base currency and region of the company that runs this installation (section <c>Business</c>).</summary>
public sealed class Business
{
    /// <summary>IANA name of the zone in which business days are counted.</summary>
    [Required]
    public string TimeZone { get; set; } = "Asia/Shanghai";

    /// <summary>ISO 4217 code of the base currency: values of customers are compared in it.</summary>
    [Required, RegularExpression("^[A-Z]{3}$")]
    public string Currency { get; set; } = "CNY";

    /// <summary>ISO 3166-1 code of the country in which phone numbers without a country code are.</summary>
    [Required, RegularExpression("^[A-Z]{2}$")]
    public string Region { get; set; } = "CN";

    /// <summary>The language of messages and pages for whom none is known: <c>zh</c> in a Chinese region, else <c>en</c>.</summary>
    public string Language => Region is "CN" or "TW" or "HK" or "MO" ? "zh" : "en";

    internal string? Fault() =>
        !TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _) ? $"TimeZone is '{TimeZone}'; expected is a zone like Asia/Shanghai"
        : !IsRegion(Region) ? $"Region is '{Region}'; expected is a country like CN"
        : null;

    static bool IsRegion(string code)
    {
        try
        {
            return new RegionInfo(code).TwoLetterISORegionName == code;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // Validation reads this property too, so it does not throw; a service with an unknown zone does not start.
    public TimeZoneInfo Zone => TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>The business day on which an instant falls.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);

    /// <summary>
    /// The instant at which a business day begins; a day whose midnight does not exist begins at the first instant that does.
    /// </summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (Zone.IsInvalidTime(midnight))
            midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(midnight, Zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    /// <summary>
    /// Parses a moment in a query: an instant with an offset, or a business day, which means the end of that day. Null when the parameter
    /// is absent.
    /// </summary>
    /// <exception cref="BadRequestException">The text is neither an instant nor a day.</exception>
    public DateTimeOffset? Moment(string field, string? text) =>
        text switch
        {
            null or "" => null,
            _ when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                    && day.Year is >= 1900 and < 2200 => StartOf(day.AddDays(1)).AddTicks(-1),
            _ when text.Length > 10
                    && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-', ' ']) > 10)
                    && DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
                    && Instants.Accepts(instant) => instant.ToUniversalTime(),
            _ => throw new BadRequestException(field, "a day like 2026-05-31 or an instant like 2026-05-31T12:00:00Z, from 1900 to 2199"),
        };
}
