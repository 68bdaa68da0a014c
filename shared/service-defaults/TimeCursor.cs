using System.Globalization;

namespace CrmPlatform.ServiceDefaults;

/// <summary>The cursor of a list in the order of an instant, and of an id among what has the same: <c>ticks_id</c>.</summary>
public static class TimeCursor
{
    public static string Of(DateTimeOffset at, Guid id) => string.Create(CultureInfo.InvariantCulture, $"{at.UtcTicks}_{id:N}");

    /// <returns>Where the page before has ended; nothing for the first page.</returns>
    /// <exception cref="BadRequestException">No page ended there.</exception>
    public static (DateTimeOffset? At, Guid? Id) Parse(string? after) =>
        after is null ? (null, null)
        : after.Split('_') is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && at <= DateTime.MaxValue.Ticks
        && Guid.TryParseExact(id, "N", out var last)
            ? (new(at, TimeSpan.Zero), last)
        : throw new BadRequestException("after", "a cursor from a page's next");
}
