using System.Diagnostics.Metrics;
using Dapper;
using Microsoft.Extensions.Logging;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// What comes due by time alone. A table says whose time has come; the streams themselves decide, and date their facts at the instant when
/// they were due. So it makes no difference how late the clock comes by, how often, or on how many replicas: who comes second finds nothing
/// to do.
/// </summary>
public interface IDueWork
{
    /// <summary>In logs and metrics: <c>expire-points</c>.</summary>
    string Name { get; }

    TimeSpan Every { get; }

    /// <summary>
    /// What has come due, longest overdue first: a write for each thing. It decides <c>[]</c> where nothing is due after all.
    /// </summary>
    Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct);
}

/// <summary>
/// Works off what is due: replicas one after the other, things by the hundred, and one that cannot be decided keeps no other waiting.
/// </summary>
public sealed class DueRunner(NpgsqlDataSource db, EventStore store, TimeProvider clock, ILogger<DueRunner> log)
{
    const int AtOnce = 500;

    static readonly Meter meter = new("Crm.Due");
    static readonly Counter<long> facts = meter.CreateCounter<long>("crm.due.facts", "{fact}", "Facts that time alone made due");
    static readonly Counter<long> failures = meter.CreateCounter<long>(
        "crm.due.failures",
        "{thing}",
        "Things whose due work failed; it is tried again"
    );
    static readonly Histogram<double> duration = meter.CreateHistogram<double>(
        "crm.due.duration",
        "s",
        "One round over everything that is due"
    );

    /// <returns>How many facts were recorded.</returns>
    public async Task<int> Run(IDueWork work, CancellationToken ct = default)
    {
        var (started, now, recorded) = (clock.GetTimestamp(), clock.GetUtcNow(), 0);
        var tag = new KeyValuePair<string, object?>("work", work.Name);
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(
            new CommandDefinition(
                "select pg_advisory_lock(hashtext('crm-due'), hashtext(@Name))",
                new { work.Name },
                commandTimeout: 0,
                cancellationToken: ct
            )
        );
        try
        {
            foreach (var things in (await work.Due(connection, now, ct)).Chunk(AtOnce))
            {
                var done = await Decide(things);
                recorded += done;
                facts.Add(done, tag);
            }
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await connection.ExecuteAsync("select pg_advisory_unlock(hashtext('crm-due'), hashtext(@Name))", new { work.Name });
        }
        duration.Record(clock.GetElapsedTime(started).TotalSeconds, tag);
        if (recorded > 0)
            log.LogInformation("{Work}: {Events} events", work.Name, recorded);
        return recorded;

        async Task<int> Decide(Write[] things)
        {
            try
            {
                return (await store.Execute(things, ct: ct)).Sum(d => d.Events.Count);
            }
            catch (Exception e) when (things.Length > 1 && e is not (NpgsqlException or OperationCanceledException))
            {
                var sum = 0;
                foreach (var thing in things)
                    sum += await Decide([thing]);
                return sum;
            }
            catch (Exception e) when (things.Length == 1 && e is not (NpgsqlException or OperationCanceledException))
            {
                failures.Add(1, tag);
                log.LogError(e, "{Work} of {Stream} failed; it is tried again", work.Name, things[0].StreamId);
                return 0;
            }
        }
    }
}

/// <summary>Asks for what is due, on the period of the work.</summary>
sealed class DueClock(IDueWork work, DueRunner runner) : IPeriodic
{
    public string Name => work.Name;
    public TimeSpan Every => work.Every;

    public Task Run(CancellationToken ct) => runner.Run(work, ct);
}
