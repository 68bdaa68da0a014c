namespace CrmPlatform.ServiceDefaults;

/// <summary>Instants that clients tell: their clocks may run ahead of ours a little.</summary>
public static class Clocks
{
    /// <summary>How far a client's clock may run ahead.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>When something happened, in UTC: now where nothing is said or where the client's clock runs ahead.</summary>
    /// <exception cref="RuleViolationException"><c>in-the-future</c>: it is ahead by more than the tolerance.</exception>
    public static DateTimeOffset Told(DateTimeOffset? occurredAt, DateTimeOffset now, string field = "occurredAt") =>
        occurredAt is not { } given ? now
        : given > now + Tolerance
            ? throw new RuleViolationException("in-the-future", $"{field} is in the future; it is {now:O} now.", field)
        : given > now ? now
        : given.ToUniversalTime();

    /// <summary>
    /// True where something that is told again with this instant may have been stored with that one, which was cut to now then.
    /// </summary>
    public static bool Same(DateTimeOffset told, DateTimeOffset stored) =>
        told - stored is var ahead && ahead >= TimeSpan.Zero && ahead <= Tolerance;
}
