using System.Globalization;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>The last entry of a page of a statement: the version tells it on one account, all three among those of a group.</summary>
public sealed record StatementCursor(long Version, DateTimeOffset At, Guid CustomerId)
{
    public static StatementCursor Of(StatementEntry last) => new(last.Version, last.OccurredAt, last.CustomerId);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version}-{At.UtcTicks}-{CustomerId:N}");

    /// <exception cref="BadRequestException">No page ended there.</exception>
    public static StatementCursor? Parse(string? text)
    {
        if (text is null)
            return null;
        if (
            text.Split('-') is [var version, var at, var customer]
            && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && Guid.TryParseExact(customer, "N", out var id)
            && new DateTimeOffset(ticks, TimeSpan.Zero) is var instant
            && Instants.Accepts(instant)
        )
            return new(place, instant, id);
        throw new BadRequestException("after", "a cursor from a page's next");
    }
}
