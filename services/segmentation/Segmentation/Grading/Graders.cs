using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Runs;

namespace CrmPlatform.Segmentation.Grading;

/// <param name="Done">Without events where the run was there already.</param>
public sealed record GradedRun(Guid Id, WriteResult Done);

/// <summary>Measures everybody by a scheme and records the run. The same day, version and data are the same run.</summary>
public sealed class Graders(NpgsqlDataSource db, EventStore store, Scoring scoring, Business business, TimeProvider clock)
{
    public async Task<GradedRun> Grade(Request request, GradeScheme scheme, DateOnly asOf, CancellationToken ct)
    {
        await scoring.CatchUp(ct);
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var by = await ScoringRun(connection, scheme, asOf, ct);
        var until = business.StartOf(asOf.AddDays(1));
        var extent = await Population.Measure(connection, until, until, ct);
        var id = NameId.For("grading-run", scheme.Code, $"{scheme.Version}", $"{asOf:O}", business.TimeZone, $"{by?.Id}", extent.Counted);
        request.Creates(id, $"/api/segmentation/grade-schemes/{scheme.Code}/runs/{id}", version: 1);
        if (await connection.QuerySingleAsync<bool>("select exists (select from grading_runs where run_id = @id)", new { id }))
            return new(id, await store.Write(request, GradingRun.Of(id), _ => []));
        var inputs = await GradeInputs.Read(connection, scheme, asOf, by, long.MaxValue, business, ct);
        if (inputs.Customers.Count == 0)
            throw new RuleViolationException("nobody-to-grade", $"Nobody had bought anything by {asOf:O}.", "asOf");
        var graded = new CustomersGraded(
            Scheme: scheme,
            AsOf: asOf,
            Customers: inputs.Customers.Count,
            Scales: GradeScorer.Of(scheme, inputs.Columns).Scales,
            ScoringRun: by?.Id,
            Purchases: extent.Purchases,
            Returns: extent.Returns,
            Through: extent.Through,
            Publishes: !await LooksBack(connection, scheme, asOf, until),
            OccurredAt: clock.GetUtcNow()
        );
        return new(id, await store.Write(request, GradingRun.Of(id), run => run.Graded ? [] : [graded]));
    }

    /// <summary>Everybody's numbers as of today, and what scores them; nothing is recorded.</summary>
    internal async Task<(DateOnly AsOf, GradeInputs Inputs, GradeScorer Scorer)> Try(GradeScheme scheme, CancellationToken ct)
    {
        await scoring.CatchUp(ct);
        var asOf = business.DayOf(clock.GetUtcNow());
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var by = await ScoringRun(connection, scheme, asOf, ct);
        var inputs = await GradeInputs.Read(connection, scheme, asOf, by, long.MaxValue, business, ct);
        return (asOf, inputs, GradeScorer.Of(scheme, inputs.Columns));
    }

    /// <summary>The numbers that a run had, of everybody or of one customer.</summary>
    internal async Task<GradeInputs> Again(GradingRunRow run, CancellationToken ct, Guid? customer = null)
    {
        var by = run.ScoringRun is { } id ? await GetRuns.Find(db, id, ct) : null;
        await using var connection = await db.OpenConnectionAsync(ct);
        return await GradeInputs.Read(connection, run.Scheme, run.AsOf, by, run.Through, business, ct, customer);
    }

    /// <summary>The latest published scoring run up to the day, for schemes that use scores.</summary>
    async Task<GetRuns.Row?> ScoringRun(NpgsqlConnection connection, GradeScheme scheme, DateOnly asOf, CancellationToken ct) =>
        scheme.UsesScores
        && await connection.QuerySingleOrDefaultAsync<Guid?>(
            "select run_id from scoring_runs where publishes and as_of <= @asOf order by as_of desc, through desc limit 1",
            new { asOf }
        )
            is { } id
            ? await GetRuns.Find(db, id, ct)
            : null;

    /// <summary>As a scoring run looks back.</summary>
    async Task<bool> LooksBack(NpgsqlConnection connection, GradeScheme scheme, DateOnly asOf, DateTimeOffset until) =>
        await connection.QuerySingleAsync<bool>(
            """
            select exists (select from grading_runs where scheme = @Code and publishes and (as_of, version) > (@asOf, @Version))
                or (@old and exists (select from counted_purchases where purchased_at >= @until))
            """,
            new
            {
                scheme.Code,
                scheme.Version,
                asOf,
                until,
                old = asOf < business.DayOf(clock.GetUtcNow()).AddDays(-1),
            }
        );
}
