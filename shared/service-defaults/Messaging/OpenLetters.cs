using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Tells operators of dead letters and of the facts that are parked behind them: degraded health, and the metric <c>crm.dead_letters</c>.
/// </summary>
sealed class OpenLetters(NpgsqlDataSource db) : IHealthCheck, IPeriodic
{
    static readonly Meter meter = new("Crm.Messaging");
    static long dead,
        parked;

    static OpenLetters() =>
        meter.CreateObservableGauge(
            "crm.dead_letters",
            Measured,
            "{fact}",
            "Facts that could not be processed (dead), and later facts of the same customers that wait behind them (parked)"
        );

    static IEnumerable<Measurement<long>> Measured()
    {
        yield return new(Volatile.Read(ref dead), new KeyValuePair<string, object?>("state", "dead"));
        yield return new(Volatile.Read(ref parked), new KeyValuePair<string, object?>("state", "parked"));
    }

    public string Name => "dead-letter-metrics";

    public TimeSpan Every => TimeSpan.FromSeconds(15);

    public FirstRun First => FirstRun.AtOnce;

    public Task Run(CancellationToken ct) => Count(ct);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await Count(cancellationToken) is (> 0 and var letters, var behind)
                ? HealthCheckResult.Degraded($"{letters} dead letters; {behind} facts wait behind them")
                : HealthCheckResult.Healthy();
        }
        catch (NpgsqlException)
        {
            return HealthCheckResult.Unhealthy("the database cannot be reached");
        }
    }

    async Task<(long Dead, long Parked)> Count(CancellationToken ct)
    {
        const string Sql = """
            select count(*) filter (where state = 'dead'), count(*) filter (where state = 'parked') from dead_letters
            where state <> 'dropped'
            """;
        var counted = await db.QuerySingle<(long Dead, long Parked)>(Sql, null, ct);
        Volatile.Write(ref dead, counted.Dead);
        Volatile.Write(ref parked, counted.Parked);
        return counted;
    }
}
