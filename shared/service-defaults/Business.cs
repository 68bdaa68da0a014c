using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.ServiceDefaults;

/// <summary>What the company that runs this installation calls its day and its money (section <c>Business</c>).</summary>
public sealed class Business
{
    /// <summary>IANA name of the zone in which business days are counted.</summary>
    [Required] public string TimeZone { get; set; } = "Asia/Shanghai";

    /// <summary>ISO 4217 code of the base currency: values of customers are compared in it.</summary>
    [Required, RegularExpression("^[A-Z]{3}$")] public string Currency { get; set; } = "CNY";

    public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    /// <summary>The business day on which an instant falls.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);

    /// <summary>The instant at which a business day begins; a day whose midnight does not exist begins at the first instant that does.</summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (Zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(midnight, Zone.GetUtcOffset(midnight)).ToUniversalTime();
    }
}
