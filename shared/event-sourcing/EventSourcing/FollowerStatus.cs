namespace CrmPlatform.EventSourcing;

/// <summary>How far a projection or subscription has come.</summary>
/// <param name="Position">Sequence up to which it has processed the log.</param>
/// <param name="Head">Highest sequence in the log.</param>
/// <param name="LagEvents">Head − Position; burned sequence numbers count until they are passed.</param>
/// <param name="StuckAt">Sequence of the event that it cannot process, in this process.</param>
/// <param name="Error">Why not. Names the error, never the data.</param>
public sealed record FollowerStatus(string Name, long Position, long Head, long LagEvents, long? StuckAt = null, string? Error = null);
