using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CrmPlatform.ServiceDefaults;

/// <summary>What keeps messages from leaving, for health; and how many wait or are in doubt, for metrics.</summary>
sealed class SendingStatus(NpgsqlDataSource db, SendingOptions options, Business business, TimeProvider clock) : IPeriodic, IHealthCheck
{
    static readonly Meter meter = new("Crm.Sending");
    static long due,
        doubtful;

    static SendingStatus()
    {
        meter.CreateObservableGauge(
            "crm.sending.waiting",
            () => due,
            "{message}",
            "Messages that are due and not handed over yet; none at night"
        );
        meter.CreateObservableGauge(
            "crm.sending.in_doubt",
            () => doubtful,
            "{message}",
            "Messages of which nobody knows if they were taken"
        );
    }

    volatile string? fault;

    public string Name => "sending-status";
    public TimeSpan Every => TimeSpan.FromSeconds(15);
    public FirstRun First => FirstRun.AtOnce;

    /// <param name="why">What keeps messages waiting; null if nothing does.</param>
    public void Waits(string? why) => fault = why;

    public async Task Run(CancellationToken ct)
    {
        var counts = await db.QuerySingle<(long Due, long Doubtful)>(
            """
            select count(*) filter (where state <> 'InDoubt' and next_at <= @now), count(*) filter (where state = 'InDoubt')
            from messages where state in ('Planned', 'Deferred', 'InDoubt')
            """,
            new { now = clock.GetUtcNow() },
            ct
        );
        // At night nothing is expected to leave.
        (due, doubtful) = (options.IsOpen(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), business.Zone)) ? counts.Due : 0, counts.Doubtful);
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var wayless = await db.Query<string>(
                "select distinct channel from messages where state = 'NotSent' and reason = 'no-way' and planned_at > @since order by 1",
                new { since = clock.GetUtcNow().AddDays(-1) },
                cancellationToken
            );
            string?[] complaints =
            [
                fault,
                wayless.Count > 0 ? $"messages by {string.Join(", ", wayless)} are not sent: Sending:Channels names no way" : null,
            ];
            var told = string.Join("; ", complaints.OfType<string>());
            return told.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(told);
        }
        catch (NpgsqlException)
        {
            return HealthCheckResult.Unhealthy("the database cannot be reached");
        }
    }
}
