namespace CrmPlatform.EventSourcing;

/// <summary>
/// Every message that the event store logs. Ids and names are stable: alerts and searches rely on them. A value here is never a client's
/// text, and an exception is given whole: the log shows its type and code, not its message, which may quote data.
/// </summary>
static partial class LogMessages
{
    [LoggerMessage(
        100,
        LogLevel.Warning,
        "Ended {Sessions} sessions of a process without a heartbeat for {Silence}; its followers are taken over"
    )]
    public static partial void SilentProcessEnded(this ILogger log, long sessions, TimeSpan silence);

    [LoggerMessage(101, LogLevel.Warning, "Cannot send the heartbeat of this process; others may take over its followers")]
    public static partial void HeartbeatFailed(this ILogger log, Exception e);

    [LoggerMessage(102, LogLevel.Warning, "Lost the connection for notifications; followers poll until it is back")]
    public static partial void NotificationsLost(this ILogger log, Exception e);

    [LoggerMessage(103, LogLevel.Information, "Rebuilding {Projection}")]
    public static partial void Rebuilding(this ILogger log, string projection);

    [LoggerMessage(104, LogLevel.Information, "Rebuilt {Projection} from {Events} events; the new tables are in use")]
    public static partial void Rebuilt(this ILogger log, string projection, long events);

    [LoggerMessage(105, LogLevel.Warning, "Cannot measure the lag of followers while the database is unreachable")]
    public static partial void LagUnknown(this ILogger log, Exception e);

    [LoggerMessage(106, LogLevel.Error, "{Follower} cannot process event {Sequence} (attempt {Attempt}); next attempt in {Pause}")]
    public static partial void FollowerFailed(this ILogger log, Exception e, string follower, long? sequence, int attempt, TimeSpan pause);

    [LoggerMessage(107, LogLevel.Warning, "{Follower} skips event {Sequence}, as an operator decided")]
    public static partial void EventSkipped(this ILogger log, Exception e, string follower, long sequence);

    [LoggerMessage(108, LogLevel.Warning, "Cannot read the end of the log; each follower reads the log itself")]
    public static partial void TailFailed(this ILogger log, Exception e);
}
