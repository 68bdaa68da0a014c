namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// A message with its address and text, in memory for one hand-over. It is no record, so that nothing prints what it holds.
/// </summary>
public sealed class OutgoingMessage
{
    public required Guid Id { get; init; }

    /// <summary>1 for the first hand-over.</summary>
    public required int Attempt { get; init; }
    public required string Channel { get; init; }
    public required string Purpose { get; init; }
    public required string Template { get; init; }
    public required string Language { get; init; }
    public required string Address { get; init; }
    public string? Name { get; init; }
    public required string Subject { get; init; }
    public required string Text { get; init; }
    public string? Html { get; init; }
}
