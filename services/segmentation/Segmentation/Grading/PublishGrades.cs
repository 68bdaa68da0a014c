namespace CrmPlatform.Segmentation.Grading;

/// <summary>
/// Tells every customer whose computed grade a run changed, in transactions of 500. Doing it twice changes nothing, so a run whose process
/// died half-way is simply published again by the next one that looks.
/// </summary>
public sealed class PublishGrades(
    NpgsqlDataSource db,
    EventStore store,
    Graders graders,
    Business business,
    TimeProvider clock,
    IHostApplicationLifetime lifetime
) : IPeriodic, IDisposable
{
    const int Chunk = 500;
    readonly SemaphoreSlim one = new(1);

    public string Name => "publish-grades";
    public TimeSpan Every => TimeSpan.FromSeconds(30);
    public FirstRun First => FirstRun.AtOnce;

    /// <summary>Publishes what a process that died left unpublished.</summary>
    public async Task Run(CancellationToken ct)
    {
        var left = await db.Query<Guid>(
            "select run_id from grading_runs where publishes and published_at is null order by as_of, version, through",
            null,
            ct
        );
        foreach (var run in left)
            await Publish(run);
    }

    /// <summary>Goes on when the caller leaves, until the process stops.</summary>
    /// <param name="why">Who asked for the run; null where the clock did.</param>
    public async Task Publish(Guid runId, EventMetadata? why = null)
    {
        var ct = lifetime.ApplicationStopping;
        await one.WaitAsync(ct);
        try
        {
            var run = (await GradingRunList.Find(db, runId, ct))!;
            if (run.PublishedAt is not null || !run.Fact.Publishes)
                return;
            var request = new Request(clock, ct) { Metadata = why ?? EventMetadata.None };
            var latest = await GradingRunList.Latest(db, run.Scheme.Code, DateOnly.MaxValue, ct);
            var changed = latest!.Id == runId ? await Tell(request, run, ct) : 0;
            await store.Write(request, GradingRun.Of(runId), r => r.Published ? [] : [new GradesPublished(changed, request.Now)]);
        }
        finally
        {
            one.Release();
        }
    }

    async Task<int> Tell(Request request, GradingRunRow run, CancellationToken ct)
    {
        var (scheme, inputs) = (run.Scheme, await graders.Again(run, ct));
        var standing = await StandingGrades.Of(db, scheme.Code, ct);
        var cause =
            await db.QuerySingleOrDefault<int?>(
                """
                select version from grading_runs where scheme = @Code and published_at is not null order by as_of desc, version desc limit 1
                """,
                new { scheme.Code },
                ct
            )
                is { } before
            && before != scheme.Version
                ? GradeDecision.SchemeChanged
                : GradeDecision.Run;
        var until = business.StartOf(run.AsOf.AddDays(1));
        var at = run.Fact.OccurredAt < until ? run.Fact.OccurredAt : until.AddSeconds(-1);
        var changed = 0;
        foreach (var chunk in Moves.Of(scheme, run.Scorer, inputs, standing).Where(m => m.From != m.To).Chunk(Chunk))
        {
            var done = await store.Execute(request, [.. chunk.Select(m => To(m, run, cause, at, request.Now))]);
            changed += done.Count(d => d.Events.Count > 0);
        }
        return changed;
    }

    static Write To(Move move, GradingRunRow run, string cause, DateTimeOffset at, DateTimeOffset now) =>
        CustomerGrade.About(
            move.CustomerId,
            run.Scheme.Code,
            (grade, customer) =>
            {
                var decision = new GradeDecision(grade, move.CustomerId, run.Scheme.Code, run.Scheme.Lowest);
                // Who has left after the day of the run is not brought back by it.
                var here = customer.SurvivorId is null && (customer.Orders.Length > 0 || customer.Members.Length > 0);
                if (move.Score is { } score && here)
                    decision.Take(run.Scheme.GradeOf(score, grade.Computed?.Grade), score, run.Id, run.Order, cause, at);
                else if (move.Score is null && RunOrder.Of(grade.Computed)?.IsAfter(run.Order) == false)
                    decision.PassTime(now).Void(customer.SurvivorId is null ? Customers.Judgement.NoNetOrders : GradeDecision.Merged, now);
                return decision.Facts;
            }
        );

    public void Dispose() => one.Dispose();
}
