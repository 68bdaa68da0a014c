namespace CrmPlatform.Segmentation.Rules;

/// <summary>Instants of facts: whole microseconds since 1970, as events keep them.</summary>
static class Instant
{
    public const long Day = 86_400_000_000;

    /// <summary>Never: a fact that still holds, a change that does not come.</summary>
    public const long Never = long.MaxValue;

    public static long Of(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset? Shown(long at) =>
        at == Never ? null : DateTimeOffset.UnixEpoch.AddTicks(at * TimeSpan.TicksPerMicrosecond);
}
