namespace CrmPlatform.ServiceDesk.Figures;

/// <summary>The tickets that were opened in it, as they were at an instant.</summary>
sealed record Period(DateTimeOffset From, DateTimeOffset Until, DateTimeOffset AsOf)
{
    /// <exception cref="BadRequestException">It ends before it begins, or asks about the future.</exception>
    public static Period Of(DateTimeOffset from, DateTimeOffset until, DateTimeOffset? asOf, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        if (until <= from)
            throw new BadRequestException("until", "later than from");
        if (asOf > now)
            throw new BadRequestException("asOf", "not in the future");
        return new(from.ToUniversalTime(), until.ToUniversalTime(), (asOf ?? now).ToUniversalTime());
    }
}
