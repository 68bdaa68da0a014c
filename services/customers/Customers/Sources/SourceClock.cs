namespace CrmPlatform.Customers.Sources;

/// <summary>The clock of the source that a record of a file names.</summary>
public static class SourceClock
{
    /// <param name="source">The column that names it.</param>
    public static Func<CsvRow, IServiceProvider, CancellationToken, ValueTask<TimeZoneInfo?>> Of(Column<string> source) =>
        async (row, services, ct) =>
            (await services.GetRequiredService<KnownSources>().Of(row.Cell(source), ct))?.TimeZone is { } zone
                ? TimeZoneInfo.FindSystemTimeZoneById(zone)
                : null;
}
