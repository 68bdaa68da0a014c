namespace CrmPlatform.Customers.Sources;

/// <summary>Describes a source; what was said before is replaced. It holds for what is told from a moment later on.</summary>
/// <param name="Name">What people call it: <c>Web shop</c>.</param>
/// <param name="Trust">0 to 100, 50 if left out; of customers who are one, the more trusted source says what is shown.</param>
/// <param name="Duplicates">What a registration from it does if the customer may be known: <c>allow</c>, <c>alert</c> (names them) or
/// <c>block</c> (is refused); the setting of the installation if left out.</param>
/// <param name="MachineMerges">Whether its customers may be merged by machine; otherwise somebody is asked. True if left out.</param>
/// <param name="TimeZone">IANA name of the zone of its clock, like <c>Asia/Shanghai</c>: in CSV files, times of its rows without an offset
/// are of that zone. Without it they are refused.</param>
public sealed record DescribeSource(
    [property: Required, Label(80)] string Name,
    [property: Range(0, 100)] int Trust = Source.DefaultTrust,
    [property: OneOf(null, "allow", "alert", "block")] string? Duplicates = null,
    bool MachineMerges = true,
    [property: Label(60)] string? TimeZone = null
)
{
    /// <exception cref="RuleViolationException"><c>unknown-time-zone</c>.</exception>
    public ISourceEvent[] Decide(Source source, string code, DateTimeOffset now)
    {
        if (TimeZone is not null && !(TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) && zone.HasIanaId))
            throw new RuleViolationException("unknown-time-zone", "A zone is an IANA name like Asia/Shanghai.", "timeZone");
        var said = new SourceDescribed(code, Name, Trust, now, Duplicates, MachineMerges, TimeZone);
        return said with { OccurredAt = source.Described?.OccurredAt ?? now } == source.Described ? [] : [said];
    }

    public static void Map(CrmService room) =>
        room.MapPut(
                "sources/{code}",
                "Describe a source",
                "customers.sources.write",
                async ([Label(60)] string code, DescribeSource command, Request request, EventStore store, KnownSources known) =>
                {
                    var done = await store.Write(request, Source.Of(code), s => command.Decide(s, code, request.Now));
                    known.Changed(code);
                    return request.Done(done);
                }
            )
            .Refuses("unknown-time-zone");
}
