namespace CrmPlatform.ServiceDesk.Figures;

/// <summary>The tickets that were opened in it, as they were at an instant.</summary>
/// <param name="Category">Only those about this; null for all.</param>
sealed record Period(DateTimeOffset From, DateTimeOffset Until, DateTimeOffset AsOf, string? Category = null)
{
    /// <summary>Of any view with a row for something of a ticket.</summary>
    public const string OfCategory =
        "(@Category::text is null or ticket_id in (select ticket_id from ticket_list where category = @Category))";

    /// <summary>For the transaction that counts: a period may be an hour or all there is, so its plan is made for it.</summary>
    public const string MayBeAll =
        "set local enable_seqscan = on; set local plan_cache_mode = force_custom_plan; set local work_mem = '64MB'";

    /// <exception cref="BadRequestException">It ends before it begins, or asks about the future.</exception>
    public static Period Of(DateTimeOffset from, DateTimeOffset until, DateTimeOffset? asOf, TimeProvider clock, string? category = null)
    {
        var now = clock.GetUtcNow();
        if (until <= from)
            throw new BadRequestException("until", "later than from");
        if (asOf > now)
            throw new BadRequestException("asOf", "not in the future");
        return new(from.ToUniversalTime(), until.ToUniversalTime(), (asOf ?? now).ToUniversalTime(), category);
    }
}
