using Microsoft.Extensions.Logging;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Every message that the shared parts log. Ids and names are stable: alerts and searches rely on them. A value here is never a client's
/// text, and an exception is given whole: the log shows its type and code, not its message, which may quote data.
/// </summary>
static partial class LogMessages
{
    [LoggerMessage(200, LogLevel.Error, "Unexpected error in {Method} {Route}")]
    public static partial void UnexpectedError(this ILogger log, Exception e, string method, string? route);

    [LoggerMessage(213, LogLevel.Warning, "What {Method} {Route} needs does not answer: 503")]
    public static partial void Unavailable(this ILogger log, Exception e, string method, string? route);

    [LoggerMessage(201, LogLevel.Warning, "{Work} could not use the database; retry in {Every}")]
    public static partial void WorkWithoutDatabase(this ILogger log, Exception e, string work, TimeSpan every);

    [LoggerMessage(202, LogLevel.Error, "{Work} failed; retry in {Every}")]
    public static partial void WorkFailed(this ILogger log, Exception e, string work, TimeSpan every);

    [LoggerMessage(203, LogLevel.Information, "{Work} recorded {Events} events")]
    public static partial void WorkDone(this ILogger log, string work, int events);

    [LoggerMessage(204, LogLevel.Error, "{Work} failed for stream {Stream}; it is retried at the next run")]
    public static partial void ItemFailed(this ILogger log, Exception e, string work, Guid stream);

    [LoggerMessage(205, LogLevel.Warning, "The database is unavailable, the packet is retried; attempt {Attempt} failed")]
    public static partial void PacketRetried(this ILogger log, Exception e, int attempt);

    [LoggerMessage(206, LogLevel.Warning, "The transaction of {Facts} facts failed; they are retried in smaller steps")]
    public static partial void PacketSplit(this ILogger log, Exception e, int facts);

    [LoggerMessage(
        207,
        LogLevel.Error,
        "{Contract} {EventId} is a dead letter now; the customer's later facts wait. Its request was {Correlation}"
    )]
    public static partial void DeadLetter(this ILogger log, Exception e, string contract, Guid eventId, string? correlation);

    [LoggerMessage(208, LogLevel.Warning, "The dead letter {EventId} was dropped by {By}")]
    public static partial void DeadLetterDropped(this ILogger log, Guid eventId, string? by);

    [LoggerMessage(209, LogLevel.Information, "A dead letter was resolved: {Facts} facts processed")]
    public static partial void DeadLetterResolved(this ILogger log, int facts);

    [LoggerMessage(211, LogLevel.Error, "The fact {EventId} is refused: {Why}")]
    public static partial void FactRefused(this ILogger log, Guid eventId, string why);

    [LoggerMessage(212, LogLevel.Error, "The refused fact {EventId} cannot be kept for the record")]
    public static partial void RefusedFactNotKept(this ILogger log, Exception e, Guid eventId);

    [LoggerMessage(210, LogLevel.Information, "All events up to {Position} were sent again to {Listener}")]
    public static partial void Resent(this ILogger log, long position, string listener);
}
