using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Health checks: whether the process is alive (live), can serve requests (ready), and is up to date (lag). Without the broker the service
/// is degraded; without the database it is not ready.
/// </summary>
public static class Health
{
    public const string Ready = "ready";
    public const string Lag = "lag";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false, ResponseWriter = Write }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = Write })
            .AllowAnonymous();
        app.MapHealthChecks("/health/lag", new() { Predicate = check => check.Tags.Contains(Lag), ResponseWriter = Write })
            .AllowAnonymous();
    }

    /// <summary>Asks the service of this machine whether it is ready: 0 or 1. For containers without another program to ask with.</summary>
    public static async Task<int> Ask()
    {
        var port = Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS") is { Length: > 0 } given ? given : "8080";
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/health/ready"));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync(LogContent.TypesOf(e));
            return 1;
        }
    }

    static Task Write(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(
            JsonSerializer.Serialize(
                new
                {
                    status = report.Status.ToString(),
                    checks = report.Entries.ToDictionary(e => e.Key, e => new { status = e.Value.Status.ToString(), e.Value.Description }),
                },
                EventStoreOptions.Json
            )
        );
    }

    internal sealed class Database(NpgsqlDataSource db) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await using var command = db.CreateCommand("select 1");
                await command.ExecuteScalarAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (NpgsqlException)
            {
                return HealthCheckResult.Unhealthy("the database cannot be reached");
            }
        }
    }

    /// <summary>
    /// Refreshes the gauges of followers every 15 seconds, so that metrics are current even if nobody calls the health endpoint.
    /// </summary>
    internal sealed class FollowerMetrics(ProjectionDaemon daemon) : IPeriodic
    {
        public string Name => "follower-metrics";

        public TimeSpan Every => TimeSpan.FromSeconds(15);

        public FirstRun First => FirstRun.AtOnce;

        public Task Run(CancellationToken ct) => daemon.Status(ct);
    }

    internal sealed class Followers(ProjectionDaemon daemon) : IHealthCheck
    {
        const long TooFarBehind = 10_000;

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                var late = (await daemon.Status(cancellationToken))
                    .Where(f => f.StuckAt is not null || f.LagEvents > TooFarBehind)
                    .Select(f =>
                        f.StuckAt is null
                            ? $"{f.Name} is {f.LagEvents} events behind"
                            : $"{f.Name} is stuck at event {f.StuckAt}: {f.Error}"
                    )
                    .ToList();
                return late.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", late));
            }
            catch (NpgsqlException)
            {
                return HealthCheckResult.Unhealthy("the database cannot be reached");
            }
        }
    }
}
