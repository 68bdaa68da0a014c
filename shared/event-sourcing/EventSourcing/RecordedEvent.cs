namespace CrmPlatform.EventSourcing;

/// <summary>An event as the log holds it.</summary>
/// <param name="Sequence">Place in the global order; 0 inside an inline projection, where it is not drawn yet.</param>
/// <param name="Data">The event, upcast to its present shape.</param>
/// <param name="RecordedAt">When the log learned of it, by the writer's clock.</param>
public sealed record RecordedEvent(
    Guid Id,
    Guid StreamId,
    long Version,
    long Sequence,
    object Data,
    EventMetadata Metadata,
    DateTimeOffset RecordedAt
);

/// <summary>Why an event is there. All four are null where nobody said.</summary>
/// <param name="Correlation">One id for everything that one request set off.</param>
/// <param name="Causation">The id of the request or event that directly caused it.</param>
/// <param name="Actor">Subject of the token that asked for it.</param>
/// <param name="TraceParent">W3C trace context of the span that recorded it.</param>
public sealed record EventMetadata(string? Correlation = null, string? Causation = null, string? Actor = null, string? TraceParent = null)
{
    public static EventMetadata None { get; } = new();
}
