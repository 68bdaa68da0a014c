using CrmPlatform.Segmentation.Runs;

namespace CrmPlatform.Segmentation.Grading;

/// <summary>
/// At the company's midnight all customers are graded by each published scheme as of the day that ended, after they were scored. A platform
/// that was down then does it when it is up again; a new scheme waits for its first midnight.
/// </summary>
public sealed class NightlyGrading(
    NpgsqlDataSource db,
    EventStore store,
    Graders graders,
    PublishGrades publisher,
    NightlyRun scoring,
    Business business,
    SegmentationOptions options,
    TimeProvider clock,
    ILogger<NightlyGrading> log
) : IPeriodic
{
    DateOnly? done;

    public string Name => "nightly-grading";
    public TimeSpan Every => TimeSpan.FromSeconds(30);

    public async Task Run(CancellationToken ct)
    {
        if (options.NightlyRun)
            await Tick(ct);
    }

    /// <summary>Grades by every scheme by which the day that ended is not graded yet; returns how many.</summary>
    public async Task<int> Tick(CancellationToken ct)
    {
        var yesterday = business.DayOf(clock.GetUtcNow()).AddDays(-1);
        if (yesterday == done)
            return 0;
        var due = await db.Query<string>(
            """
            select code from grade_schemes s group by code
            having min(published_at) < @until and not exists (
                select from grading_runs r where r.scheme = s.code and r.publishes
                    and (r.as_of > @yesterday or (r.as_of = @yesterday and r.scored_at >= @until)))
                order by code
            """,
            new { yesterday, until = business.StartOf(yesterday.AddDays(1)) },
            ct
        );
        var graded = due.Count == 0 ? 0 : await Grade(due, yesterday, ct);
        done = yesterday;
        return graded;
    }

    async Task<int> Grade(List<string> due, DateOnly yesterday, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await ProcessLock.Take(connection, store, "crm-run", Name, ct);
        try
        {
            await Quietly(() => scoring.Tick(ct));
            var graded = 0;
            foreach (var code in due)
                await Quietly(async () =>
                {
                    var scheme = (await store.Read(SchemeBook.Of(code), ct)).State.Existing(code);
                    await publisher.Publish((await graders.Grade(new(clock, ct), scheme, yesterday, ct)).Id);
                    graded++;
                });
            return graded;
        }
        finally
        {
            await ProcessLock.Give(connection, store, "crm-run", Name);
        }
    }

    async Task Quietly(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (RuleViolationException e)
        {
            log.LogInformation(new EventId(400, "NoNightlyRun"), "No nightly run: {Code}", e.Code);
        }
    }
}
