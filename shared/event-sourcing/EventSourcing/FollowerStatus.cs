namespace CrmPlatform.EventSourcing;

/// <summary>How far a projection or subscription has processed the log, on whichever replica it runs.</summary>
/// <param name="Name">Name of the projection or subscription.</param>
/// <param name="Position">Sequence up to which it has processed the log.</param>
/// <param name="Head">Highest sequence in the log.</param>
/// <param name="LagEvents">Head − Position; gaps of rolled-back transactions are counted until they are passed.</param>
/// <param name="LagSeconds">Age of the first event after Position, by the clock of its writer; 0 when there is none.</param>
/// <param name="StuckAt">Sequence of the event that it cannot process; null when it is not stuck.</param>
/// <param name="Error">Type of the exception, without its message, which may contain data.</param>
/// <param name="Holder">The database session that holds its lease, or that noted that it is stuck: application name and process id.</param>
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
    /// <summary><c>running</c>, <c>stuck</c>, or that nobody runs it.</summary>
    public string State =>
        StuckAt is not null ? "stuck"
        : Holder is not null ? "running"
        : "nobody runs it";
}
