namespace CrmPlatform.Customers.Sources;

/// <summary>A system that tells of customers and purchases, as the company describes it.</summary>
public sealed record Source(SourceDescribed? Described) : IAggregate<Source, ISourceEvent>
{
    public const int DefaultTrust = 50;

    public static Source Initial { get; } = new((SourceDescribed?)null);

    public static Stream<Source, ISourceEvent> Of(string code) => new(NameId.For("source", code));

    public Source Evolve(ISourceEvent @event) => @event is SourceDescribed e ? new(e) : this;
}

public interface ISourceEvent : ISourcesEvent;

/// <param name="Trust">0 to 100; of customers who are one, the more trusted source says what is shown.</param>
/// <param name="Duplicates"><c>allow</c>, <c>alert</c> or <c>block</c>; null for the setting of the installation.</param>
/// <param name="MachineMerges">Whether its customers may be merged by machine.</param>
/// <param name="TimeZone">IANA name of the zone of its clock; null where it is not known.</param>
public sealed record SourceDescribed(
    string Code,
    string Name,
    int Trust,
    DateTimeOffset OccurredAt,
    string? Duplicates = null,
    bool MachineMerges = true,
    string? TimeZone = null
) : ISourceEvent;
