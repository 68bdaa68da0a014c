namespace CrmPlatform.EventSourcing;

/// <summary>How far a projection or subscription has come, on whichever replica.</summary>
/// <param name="Position">Sequence up to which it has processed the log.</param>
/// <param name="Head">Highest sequence in the log.</param>
/// <param name="LagEvents">Head − Position; burned sequence numbers count until they are passed.</param>
/// <param name="LagSeconds">Age of the first event after Position, by its writer's clock; 0 when there is none.</param>
/// <param name="StuckAt">Sequence of the event that it cannot process.</param>
/// <param name="Error">Why not. Names the error, never the data.</param>
/// <param name="Holder">The session that runs it, or that found it stuck: application name and process id in the database.</param>
public sealed record FollowerStatus(
    string Name,
    long Position,
    long Head,
    long LagEvents,
    double LagSeconds,
    long? StuckAt,
    string? Error,
    string? Holder
)
{
    public string State =>
        StuckAt is not null ? "stuck"
        : Holder is not null ? "running"
        : "nobody runs it";
}
