using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Work that becomes due by time alone. A table lists what is due; the streams decide, and date their facts at the instant when the work
/// was due. So the result does not depend on how late or how often the clock runs, or on how many replicas: a second run finds nothing left
/// to do.
/// </summary>
public interface IDueWork
{
    /// <summary>The name in logs and metrics, like <c>expire-points</c>.</summary>
    string Name { get; }

    TimeSpan Every { get; }

    /// <summary>
    /// One write for each item that is due, longest overdue first. A write decides <c>[]</c> if its item is not due after all.
    /// </summary>
    Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct);
}

/// <summary>
/// Executes due work: one replica at a time, up to 500 items per transaction. An item that fails does not block the others.
/// </summary>
public sealed class DueRunner(NpgsqlDataSource db, EventStore store, TimeProvider clock, ILogger<DueRunner> log)
{
    const int AtOnce = 500;
    const string Lock = "crm-due";

    static readonly Meter meter = new("Crm.Due");
    static readonly Counter<long> facts = meter.CreateCounter<long>("crm.due.facts", "{fact}", "Facts recorded by due work");
    static readonly Counter<long> failures = meter.CreateCounter<long>(
        "crm.due.failures",
        "{thing}",
        "Items of due work that failed and will be retried"
    );
    static readonly Histogram<double> duration = meter.CreateHistogram<double>(
        "crm.due.duration",
        "s",
        "Duration of one run over everything that is due"
    );

    /// <returns>How many facts were recorded.</returns>
    public async Task<int> Run(IDueWork work, CancellationToken ct = default)
    {
        var (started, now, recorded) = (clock.GetTimestamp(), clock.GetUtcNow(), 0);
        var tag = new KeyValuePair<string, object?>("work", work.Name);
        await using var connection = await db.OpenConnectionAsync(ct);
        await ProcessLock.Take(connection, store, Lock, work.Name, ct);
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
            await ProcessLock.Give(connection, store, Lock, work.Name);
        }
        duration.Record(clock.GetElapsedTime(started).TotalSeconds, tag);
        if (recorded > 0)
            log.WorkDone(work.Name, recorded);
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
                log.ItemFailed(e, work.Name, things[0].StreamId);
                return 0;
            }
        }
    }
}

/// <summary>Runs due work at its interval.</summary>
sealed class DueClock(IDueWork work, DueRunner runner) : IPeriodic
{
    public string Name => work.Name;
    public TimeSpan Every => work.Every;

    public Task Run(CancellationToken ct) => runner.Run(work, ct);
}
