using System.Threading.RateLimiting;
using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.Gateway.Edge;

/// <summary>
/// How fast a client may ask: a bucket per client for the API, per address for strangers. Counted per replica. <see cref="TokenRequests"/>
/// have limits of their own.
/// </summary>
public static class RateLimits
{
    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection("RateLimits").Get<RateLimitSettings>() ?? new();
        foreach (var (name, limit) in new[] { ("Client", settings.Client), ("Anonymous", settings.Anonymous), ("Token", settings.Token) })
            if (limit is not { Burst: > 0, PerPeriod: > 0 } || limit.Period <= TimeSpan.Zero)
                throw new SettingException(
                    $"RateLimits:{name}",
                    "a limit: Burst and PerPeriod 1 or more, Period a time span like 00:00:01"
                );
        if (settings.Guesses.Fault() is { } fault)
            throw new SettingException("RateLimits:Guesses", $"a limit: {fault}");
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<TokenRequests>();
        builder.Services.AddSingleton<FailedSignIns>();
        builder.Services.AddRateLimiter(options =>
        {
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
                http switch
                {
                    { Request.Path: var path } when path.StartsWithSegments("/health") || path.StartsWithSegments("/.well-known") =>
                        RateLimitPartition.GetNoLimiter("open"),
                    { User.Identity: { IsAuthenticated: true, Name: { } client } } => Bucket($"client {client}", settings.Client),
                    _ => Bucket($"address {Address(http)}", settings.Anonymous),
                }
            );
            options.OnRejected = async (rejected, _) => await Refuse(rejected.HttpContext, Wait(rejected.Lease));
        });
    }

    public static Task Refuse(HttpContext http, TimeSpan wait) =>
        Problem.Write(http, 429, "too-many-requests", "Too many requests", "Wait as long as Retry-After says.", wait);

    public static TimeSpan Wait(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);

    static string Address(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    internal static RateLimitPartition<string> Bucket(string key, RateLimit limit) =>
        RateLimitPartition.GetTokenBucketLimiter(
            key,
            _ =>
                new()
                {
                    TokenLimit = limit.Burst,
                    TokensPerPeriod = limit.PerPeriod,
                    ReplenishmentPeriod = limit.Period,
                    QueueLimit = 0,
                }
        );
}

/// <summary>
/// A bucket of <paramref name="Burst"/> requests that refills by <paramref name="PerPeriod"/> every <paramref name="Period"/>.
/// </summary>
public sealed record RateLimit(int Burst, int PerPeriod, TimeSpan Period);

/// <summary>Generous by default: they stop a runaway loop and guessing of secrets, not a busy shop.</summary>
public sealed record RateLimitSettings
{
    public RateLimit Client { get; init; } = new(20_000, 10_000, TimeSpan.FromSeconds(1));
    public RateLimit Anonymous { get; init; } = new(500, 50, TimeSpan.FromSeconds(1));
    public RateLimit Token { get; init; } = new(60, 1, TimeSpan.FromSeconds(1));
    public GuessLimit Guesses { get; init; } = new();
}
