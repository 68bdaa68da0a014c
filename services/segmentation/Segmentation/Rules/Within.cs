using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Segmentation.Rules;

/// <summary>
/// From when until when a fact counts. Exactly one of the four is given; all facts count for ever if <c>within</c> is left out.
/// </summary>
/// <param name="Days">The last so many times 24 hours. A fact leaves the window at its own instant plus that, exactly.</param>
/// <param name="BusinessDays">The last so many business days, today included; a fact leaves at midnight.</param>
/// <param name="This">The present calendar <c>month</c>, <c>quarter</c> or <c>year</c> of the company's zone.</param>
/// <param name="From">With <c>until</c>: facts from here on, this instant included.</param>
/// <param name="Until">With <c>from</c>: facts before this instant.</param>
public sealed record Within(
    [property: Range(1, Within.LongestDays)] int? Days = null,
    [property: Range(1, Within.LongestDays)] int? BusinessDays = null,
    [property: OneOf(null, "month", "quarter", "year")] string? This = null,
    DateTimeOffset? From = null,
    DateTimeOffset? Until = null
)
{
    public const int LongestDays = 1_095;

    internal bool IsWhole =>
        (Days is null ? 0 : 1) + (BusinessDays is null ? 0 : 1) + (This is null ? 0 : 1) + (From is null && Until is null ? 0 : 1) == 1
        && From is null == Until is null
        && !(From >= Until);
}

/// <summary>A window that rules can compute with.</summary>
sealed class Window(Within? within, Business business)
{
    readonly long from = within?.From is { } f ? Instant.Of(f) : long.MinValue;
    readonly long until = within?.Until is { } u ? Instant.Of(u) : Instant.Never;

    /// <summary>Whether a fact of this instant counts at all.</summary>
    public bool Admits(long at) => at >= from && at < until;

    /// <summary>From this instant on the fact counts no more.</summary>
    public long Expiry(long at)
    {
        if (within is null || within.From is not null)
            return Instant.Never;
        if (within.Days is { } days)
            return at + days * Instant.Day;
        var day = business.DayOf(Instant.Shown(at)!.Value);
        var next = within.BusinessDays is { } n
            ? day.AddDays(n)
            : within.This switch
            {
                "month" => new DateOnly(day.Year, day.Month, 1).AddMonths(1),
                "quarter" => new DateOnly(day.Year, (day.Month - 1) / 3 * 3 + 1, 1).AddMonths(3),
                _ => new DateOnly(day.Year + 1, 1, 1),
            };
        return Instant.Of(business.StartOf(next));
    }
}
