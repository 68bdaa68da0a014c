namespace CrmPlatform.Segmentation.Needs;

/// <summary>
/// At the company's midnight everybody's needs are judged as of the day that ended. A platform that was down then does it when it is up
/// again; one that never judged waits for its first midnight, so that a first import is not judged half-way.
/// </summary>
public sealed class NightlyNeeds(
    NpgsqlDataSource db,
    EventStore store,
    NeedRuns runs,
    PublishNeeds publisher,
    Business business,
    SegmentationOptions options,
    TimeProvider clock,
    ILogger<NightlyNeeds> log
) : IPeriodic
{
    DateOnly? judged;

    public string Name => "nightly-needs";
    public TimeSpan Every => TimeSpan.FromSeconds(30);

    public async Task Run(CancellationToken ct)
    {
        if (options.NightlyRun)
            await Tick(ct);
    }

    /// <summary>Runs when a day has ended that is not judged yet; returns the run.</summary>
    public async Task<Guid?> Tick(CancellationToken ct)
    {
        var today = business.DayOf(clock.GetUtcNow());
        var yesterday = today.AddDays(-1);
        if (yesterday <= judged || await IsDone(yesterday, business.StartOf(today), ct))
        {
            judged = yesterday;
            return null;
        }
        await using var connection = await db.OpenConnectionAsync(ct);
        await ProcessLock.Take(connection, store, "crm-run", Name, ct);
        try
        {
            var run = await runs.Measure(new(clock, ct), yesterday, ct);
            await publisher.Publish(run.Id);
            judged = yesterday;
            return run.Id;
        }
        catch (RuleViolationException e)
        {
            judged = yesterday;
            log.LogInformation(new EventId(400, "NoNightlyRun"), "No nightly run: {Code}", e.Code);
            return null;
        }
        finally
        {
            await ProcessLock.Give(connection, store, "crm-run", Name);
        }
    }

    /// <summary>A run that somebody asked for while the day lasted does not know all of it.</summary>
    async Task<bool> IsDone(DateOnly day, DateTimeOffset over, CancellationToken ct) =>
        await db.QuerySingle<bool>(
            """
            select exists (select from needs_runs where publishes and (as_of > @day or (as_of = @day and measured_at >= @over)))
                or (@first and not exists (select from needs_runs where publishes))
            """,
            new
            {
                day,
                over,
                first = judged is null,
            },
            ct
        );
}
