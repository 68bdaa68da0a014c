using System.Globalization;
using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Definitions;
using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Runs;

/// <summary>Scores all customers as of the end of a day (today unless said otherwise): RFM, the segments, the eight types, ABC.</summary>
/// <param name="AsOf">The business day; today if left out. Not in the future.</param>
/// <param name="View"><c>decision</c> (default) or <c>corrected</c>; a corrected run is a report.</param>
/// <param name="Definition">Code of the definition that it measures by; the built-in one if left out. Any other makes it a report.</param>
public sealed record ScoreCustomers(DateOnly? AsOf = null, string? View = null, [property: Code] string? Definition = null)
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(20);

    public static void Map(CrmService room) =>
        room.MapPost(
                "runs",
                "Score everybody as of a day",
                "segmentation.run",
                async (
                    ScoreCustomers command,
                    Request request,
                    Scoring scoring,
                    EventStore store,
                    PublishRuns publisher,
                    Yardsticks yardsticks,
                    SegmentationOptions options,
                    DueRunner due,
                    Business business,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var today = business.DayOf(clock.GetUtcNow());
                    var (asOf, view) = (command.AsOf ?? today, command.View ?? Scoring.Decision);
                    if (view is not (Scoring.Decision or Scoring.Corrected))
                        throw new BadRequestException("view", "decision or corrected");
                    if (asOf > today)
                        throw new RuleViolationException("as-of-in-the-future", $"Today is {today:O}: nobody knows more.", "asOf");
                    var run = await scoring.Score(request, asOf, view, await By(command.Definition, store, ct), ct);
                    if (run.Publishes)
                    {
                        await due.Run(new LifecycleClock(yardsticks, options) { ImportIsOver = true }, ct);
                        // A large population takes longer than a caller waits: the run says itself when everybody has been told.
                        await Task.WhenAny(publisher.Publish(run.Id, request.Metadata), Task.Delay(patience, clock, ct));
                    }
                    return request.Done(run.Done);
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .AtOnce(2)
            .Refuses("as-of-in-the-future", "nobody-to-score", "definition-unknown");

    internal static async Task<RunDefinition> By(string? code, EventStore store, CancellationToken ct) =>
        code is null or RunDefinition.DefaultCode
            ? RunDefinition.Default
            : (await store.Read(DefinitionBook.Of(code), ct)).State.Latest
                ?? throw new RuleViolationException("definition-unknown", $"Nobody has published a definition '{code}'.", "definition");
}

/// <param name="Done">Without events where the run was there already.</param>
public sealed record ScoredRun(Guid Id, WriteResult Done, bool Publishes);

/// <summary>Measures the population and records the run. The same day, definition and data are the same run.</summary>
public sealed class Scoring(NpgsqlDataSource db, EventStore store, ProjectionDaemon daemon, Business business, TimeProvider clock)
{
    public const string Decision = "decision",
        Corrected = "corrected";

    static readonly HashSet<string> waitFor = ["counted-purchases", "customer-scores", "lifecycle-due-2", "judged-with", "judge-groups"];

    /// <summary>What distinguishes runs and back-tests of one day: the definition and the business's zone.</summary>
    internal string Name(RunDefinition by) =>
        by.IsDefault
            ? $"rfm-1 window=all zone={business.TimeZone} grid-{SegmentGrid.Version} abc-{by.ShareOfA:0.##}/{by.ShareOfB:0.##}"
            : string.Create(CultureInfo.InvariantCulture, $"{by.Code}-{by.Version} zone={business.TimeZone}");

    public async Task<ScoredRun> Score(Request request, DateOnly asOf, string view, RunDefinition by, CancellationToken ct)
    {
        await CatchUp(ct);
        var measuring = new Measuring(by, asOf, view, business);
        var (until, definition) = (measuring.Until, Name(by));
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var extent = await Population.Measure(connection, until, measuring.ReturnsUntil, ct);
        var id = NameId.For("scoring-run", $"{asOf:O}", view, definition, extent.Counted);
        request.Creates(id, $"/api/segmentation/runs/{id}", version: 1);
        // Written all the same: of two that come at once with one key, the second learns there that it has been answered.
        if (
            await connection.QuerySingleOrDefaultAsync<bool?>("select publishes from scoring_runs where run_id = @id", new { id }) is
            { } publishes
        )
            return new(id, await store.Write(request, ScoringRun.Of(id), _ => []), publishes);

        var metrics = (await measuring.ReadAll(snapshot, long.MaxValue, ct)).ConvertAll(m => m.Metrics).ToArray();
        if (metrics.Length == 0)
            throw Nobody(by, asOf, "asOf");
        var (rfm, abc) = measuring.Scales(metrics);
        var scored = new CustomersScored(
            AsOf: asOf,
            View: view,
            Definition: definition,
            Rfm: rfm,
            Abc: abc,
            Segments: Count(by.SegmentNames, metrics.Select(m => by.SegmentOf(rfm.Score(m)))),
            ChineseTypes: Count(ChineseTypes.All, metrics.Select(rfm.ChineseType)),
            Grades: Count(AbcScale.Grades, metrics.Select(m => abc.Grade(by.Shared(m)))),
            Purchases: extent.Purchases,
            Returns: extent.Returns,
            Through: extent.Through,
            Publishes: by.IsDefault && view == Decision && !await LooksBack(connection, asOf, until),
            OccurredAt: clock.GetUtcNow(),
            MeasuredBy: by.IsDefault ? null : by
        );
        var done = await store.Write(request, ScoringRun.Of(id), run => ScoringRun.Record(run, scored));
        return new(id, done, scored.Publishes);
    }

    internal static RuleViolationException Nobody(RunDefinition by, DateOnly asOf, string field) =>
        new RuleViolationException(
            "nobody-to-score",
            by.WindowDays is { } days
                ? $"Nobody had bought anything in the {days} days to {asOf:O}."
                : $"Nobody had bought anything by {asOf:O}.",
            field
        );

    /// <summary>The runs' numbers come from read models: wait until they hold what the log holds now.</summary>
    public async Task CatchUp(CancellationToken ct)
    {
        await using var command = db.CreateCommand("select coalesce(max(seq_id), 0) from mt_events");
        var head = (long)(await command.ExecuteScalarAsync(ct))!;
        while ((await daemon.Status(ct)).Any(f => waitFor.Contains(f.Name) && f.Position < head))
            await Task.Delay(5, ct);
    }

    /// <summary>
    /// A run looks back when a later one is published, or when customers bought after its day and that day is older than yesterday.
    /// </summary>
    async Task<bool> LooksBack(NpgsqlConnection connection, DateOnly asOf, DateTimeOffset until) =>
        await connection.QuerySingleAsync<bool>(
            """
            select exists (select from scoring_runs where publishes and as_of > @asOf)
                or (@old and exists (select from counted_purchases where purchased_at >= @until))
            """,
            new
            {
                asOf,
                until,
                old = asOf < business.DayOf(clock.GetUtcNow()).AddDays(-1),
            }
        );

    static Dictionary<string, int> Count(IEnumerable<string> names, IEnumerable<string> values)
    {
        var counts = names.ToDictionary(n => n, _ => 0);
        foreach (var value in values)
            counts[value]++;
        return counts;
    }
}
