using System.ComponentModel.DataAnnotations;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Definitions;
using CrmPlatform.Segmentation.Runs;

namespace CrmPlatform.Segmentation.BackTests;

/// <summary>Grades all customers as of the end of a day of the past, and compares the classes with what they bought afterwards.</summary>
/// <param name="Cut">The business day at whose end they are graded.</param>
/// <param name="Days">Length of the period after it, in business days. It must be over.</param>
/// <param name="Definition">Code of the definition that they are graded by; the built-in one if left out.</param>
public sealed record RunBackTest(DateOnly Cut, [property: Range(1, 3650)] int Days, [property: Code] string? Definition = null)
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "back-tests",
                "Compare the classes of a day of the past with what customers bought afterwards",
                "segmentation.run",
                async (
                    RunBackTest command,
                    Request request,
                    BackTesting backTesting,
                    EventStore store,
                    Business business,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var today = business.DayOf(clock.GetUtcNow());
                    if (command.Cut.DayNumber + command.Days >= today.DayNumber)
                        throw new RuleViolationException(
                            "period-not-over",
                            $"The {command.Days} days after {command.Cut:O} are not over: today is {today:O}.",
                            "days"
                        );
                    var by = await ScoreCustomers.By(command.Definition, store, ct);
                    return request.Done(await backTesting.Run(request, new(by, command.Cut, command.Days, business), ct));
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .AtOnce(1)
            .Refuses("period-not-over", "nobody-to-score", "definition-unknown");
}

/// <summary>Reads who had bought what and records what came of it. The same question and the same data are the same back-test.</summary>
public sealed class BackTesting(NpgsqlDataSource db, EventStore store, Scoring scoring, TimeProvider clock)
{
    public async Task<WriteResult> Run(Request request, Period period, CancellationToken ct)
    {
        await scoring.CatchUp(ct);
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var (end, definition) = (period.AtEnd, scoring.Name(period.By));
        var extent = await Population.Measure(connection, end.Until, end.ReturnsUntil, ct);
        var id = NameId.For("back-test", $"{period.Cut:O}", $"{period.Days}", definition, extent.Counted);
        request.Creates(id, $"/api/segmentation/back-tests/{id}", version: 1);
        if (await connection.QuerySingleAsync<bool>("select exists (select from back_tests where back_test_id = @id)", new { id }))
            return await store.Write(request, BackTest.Of(id), _ => []);
        var all = await period.ReadAll(snapshot, long.MaxValue, ct);
        if (all.TrueForAll(b => b.Now is null))
            throw Scoring.Nobody(period.By, period.Cut, "cut");
        var atEnd = (await end.ReadAll(snapshot, long.MaxValue, ct)).ConvertAll(m => m.Metrics).ToArray();
        var computed = new BackTestComputed(
            Cut: period.Cut,
            Days: period.Days,
            Definition: definition,
            MeasuredBy: period.By,
            Measured: Measured.Of(period, all, atEnd, seed: id),
            Purchases: extent.Purchases,
            Returns: extent.Returns,
            Through: extent.Through,
            OccurredAt: clock.GetUtcNow()
        );
        return await store.Write(request, BackTest.Of(id), test => test.Record(computed));
    }
}
