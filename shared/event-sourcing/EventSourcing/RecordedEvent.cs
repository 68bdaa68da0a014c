namespace CrmPlatform.EventSourcing;

/// <summary>An event as the log holds it.</summary>
/// <param name="Sequence">Its place in the global order; 0 in an inline projection, which runs before the number is drawn.</param>
/// <param name="Data">The event, upcast to its current shape.</param>
/// <param name="RecordedAt">When it was recorded, by the writer's clock.</param>
public sealed record RecordedEvent(
    Guid Id,
    Guid StreamId,
    long Version,
    long Sequence,
    object Data,
    EventMetadata Metadata,
    DateTimeOffset RecordedAt
);

/// <summary>Where an event comes from. Each is null when it is unknown.</summary>
/// <param name="Correlation">One id for everything that followed from one request.</param>
/// <param name="Causation">The id of the request or event that directly caused it.</param>
/// <param name="Actor">Subject of the token of the request.</param>
/// <param name="TraceParent">W3C trace context of the span that recorded it.</param>
/// <param name="Source">The system that the fact comes from, where the command names one; otherwise the actor is the source.</param>
/// <param name="Import">The import that the fact came with.</param>
public sealed record EventMetadata(
    string? Correlation = null,
    string? Causation = null,
    string? Actor = null,
    string? TraceParent = null,
    string? Source = null,
    string? Import = null
)
{
    public static EventMetadata None { get; } = new();
}
