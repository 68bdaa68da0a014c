using Microsoft.Extensions.Logging;

namespace CrmPlatform.ServiceDefaults;

/// <summary>What sending logs: ids and codes, never an address, a name or a text.</summary>
static partial class LogMessages
{
    [LoggerMessage(214, LogLevel.Warning, "Customers or the gateway does not clear messages; they wait")]
    public static partial void ClearancesAway(this ILogger log, Exception e);

    [LoggerMessage(215, LogLevel.Error, "Message {Message} could not be handed over; the next run tries again, if nothing may have left")]
    public static partial void HandOverFailed(this ILogger log, Exception e, Guid message);
}
