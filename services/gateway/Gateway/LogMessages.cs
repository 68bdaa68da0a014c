using System.Net;

namespace CrmPlatform.Gateway;

/// <summary>Every message that the gateway logs. Ids and names are stable: alerts and searches rely on them.</summary>
static partial class LogMessages
{
    [LoggerMessage(300, LogLevel.Warning, "The description of {Room} is missing from the API page")]
    public static partial void DescriptionMissing(this ILogger log, Exception e, string room);

    [LoggerMessage(
        301,
        LogLevel.Warning,
        "A sign-in failed: client {Client}, from {Address}, {Failures} times there; the next attempt in {Delay}"
    )]
    public static partial void SignInFailed(this ILogger log, string client, IPAddress? address, int failures, TimeSpan delay);
}
