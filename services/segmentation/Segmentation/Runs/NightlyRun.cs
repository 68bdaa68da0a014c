using CrmPlatform.Segmentation.Definitions;

namespace CrmPlatform.Segmentation.Runs;

/// <summary>
/// At the company's midnight all customers are scored as of the day that ended. A platform that was down then does it when it is up again;
/// one that was never scored waits for its first midnight, so that a first import is not scored half-way.
/// </summary>
public sealed class NightlyRun(
    NpgsqlDataSource db,
    EventStore store,
    Scoring scoring,
    PublishRuns publisher,
    Business business,
    SegmentationOptions options,
    TimeProvider clock,
    ILogger<NightlyRun> log
) : IPeriodic
{
    DateOnly? scored;

    public string Name => "nightly-run";
    public TimeSpan Every => TimeSpan.FromSeconds(30);

    public async Task Run(CancellationToken ct)
    {
        if (!options.NightlyRun)
            return;
        try
        {
            await Tick(ct);
        }
        catch (RuleViolationException e)
        {
            log.LogInformation(new EventId(400, "NoNightlyRun"), "No nightly run: {Code}", e.Code);
        }
    }

    /// <summary>Runs when a day has ended that is not scored yet; returns the run.</summary>
    public async Task<Guid?> Tick(CancellationToken ct)
    {
        var yesterday = business.DayOf(clock.GetUtcNow()).AddDays(-1);
        await using var connection = await db.OpenConnectionAsync(ct);
        scored ??= await Scored(connection) ?? yesterday;
        if (yesterday <= scored)
            return null;
        // One replica at a time; the second finds the run of the first. Its data is the same, so it is the same run even without the lock.
        await ProcessLock.Take(connection, store, "crm-run", Name, ct);
        try
        {
            ScoredRun? run = null;
            if (await connection.QuerySingleAsync<bool>("select exists (select from counted_purchases)"))
                run = await scoring.Score(new(clock, ct), yesterday, Scoring.Decision, RunDefinition.Default, ct);
            if (run is { Publishes: true })
                await publisher.Publish(run.Id);
            scored = yesterday;
            return run?.Id;
        }
        finally
        {
            await ProcessLock.Give(connection, store, "crm-run", Name);
        }
    }

    /// <summary>The last day that is scored whole: a run that somebody asked for while its day lasted does not know all of it.</summary>
    async Task<DateOnly?> Scored(NpgsqlConnection connection) =>
        (
            await connection.QueryAsync<(DateOnly AsOf, DateTimeOffset At)>(
                "select as_of, max(scored_at) from scoring_runs where publishes group by as_of order by as_of desc limit 1"
            )
        )
            .Select(r => business.DayOf(r.At) > r.AsOf ? r.AsOf : (DateOnly?)r.AsOf.AddDays(-1))
            .SingleOrDefault();
}
