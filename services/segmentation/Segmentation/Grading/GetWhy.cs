using System.ComponentModel;
using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Grading;

/// <summary>An indicator's part in a score.</summary>
/// <param name="Id">Its code in the scheme.</param>
/// <param name="Source">Where its number comes from.</param>
/// <param name="Value">The number that was counted; null where it was not known.</param>
/// <param name="Norm">0 to 100; null where the indicator was skipped.</param>
/// <param name="Weight">Its share, after the weight of skipped ones was spread.</param>
/// <param name="Points">Weight times norm.</param>
/// <param name="Group">The group that caps it; null for none.</param>
/// <param name="Contribution">What is left of the points after the cap; the contributions add up to the score.</param>
public sealed record IndicatorPart(
    string Id,
    IndicatorSource Source,
    double? Value,
    decimal? Norm,
    decimal Weight,
    decimal Points,
    string? Group,
    decimal Contribution
);

/// <summary>A group's part in a score.</summary>
/// <param name="Id">Its code in the scheme.</param>
/// <param name="Cap">The most that it gives.</param>
/// <param name="Points">What its indicators had before the cap.</param>
/// <param name="Contribution">What they gave after it.</param>
public sealed record GroupPart(string Id, decimal Cap, decimal Points, decimal Contribution);

/// <summary>Why a run found a customer's grade, computed again from what it had counted.</summary>
/// <param name="CustomerId">The customer under whose id the run graded.</param>
/// <param name="Scheme">Code of the scheme.</param>
/// <param name="Version">The version that the run used.</param>
/// <param name="RunId">The run.</param>
/// <param name="AsOf">Business day at whose end it measured.</param>
/// <param name="Customers">N: how many it graded.</param>
/// <param name="ScoringRun">The scoring run whose cut-off values gave the scores among the numbers; null where there were none.</param>
/// <param name="Score">The score, 0 to 100.</param>
/// <param name="Before">The computed grade before the run; null for none.</param>
/// <param name="Grade">The computed grade: what people said instead is in the customer's grades.</param>
/// <param name="Hysteresis">So many points below its beginning a grade is lost.</param>
/// <param name="Grades">The grades of the version and where they begin.</param>
/// <param name="Terms">Where the terms of the scheme are published; null for none.</param>
/// <param name="Indicators">What the score is made of.</param>
/// <param name="Groups">What capped it.</param>
public sealed record Why(
    Guid CustomerId,
    string Scheme,
    int Version,
    Guid RunId,
    DateOnly AsOf,
    int Customers,
    Guid? ScoringRun,
    decimal Score,
    string? Before,
    string Grade,
    decimal Hysteresis,
    IReadOnlyList<GradeFrom> Grades,
    string? Terms,
    IReadOnlyList<IndicatorPart> Indicators,
    IReadOnlyList<GroupPart> Groups
);

/// <summary>A computed grade, explained.</summary>
public static class GetWhy
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "customers/{id:guid}/grades/{scheme}/why",
                "Why the last run found a customer's grade",
                "segmentation.read",
                async (
                    Guid id,
                    [Code] string scheme,
                    [Description("By the last published run as of this business day; the latest one if left out.")] DateOnly? asOf,
                    Graders graders,
                    EventStore store,
                    NpgsqlDataSource db,
                    CancellationToken ct
                ) =>
                {
                    if ((await store.Read(CustomerValue.Of(id), ct)).State.Forgotten)
                        return Answer.NotFound("customer", id);
                    if (await GradingRunList.Latest(db, scheme, asOf ?? DateOnly.MaxValue, ct) is not { } run)
                        return Answer.NotFound("published run of grade scheme", scheme);
                    var inputs = await graders.Again(run, ct, id);
                    return inputs.Customers.Count == 0
                        ? Answer.NotFound($"customer in run {run.Id}", id)
                        : Results.Ok(View(run, inputs, await Before(store, inputs.Customers[0], run, ct)));
                }
            )
            .Produces<Why>()
            .AtOnce(4);

    /// <summary>The computed grade that the run found before it.</summary>
    static async Task<string?> Before(EventStore store, Guid customer, GradingRunRow run, CancellationToken ct)
    {
        var grade = CustomerGrade.Initial;
        foreach (var e in await store.FetchStream(CustomerGrade.Of(customer, run.Scheme.Code).Id, ct: ct))
        {
            if (e.Data is GradeComputed computed && !run.Order.IsAfter(RunOrder.Of(computed)!.Value) || e.RecordedAt > run.PublishedAt)
                break;
            grade = grade.Evolve((IGradeEvent)e.Data);
        }
        return grade.Computed?.Grade;
    }

    static Why View(GradingRunRow run, GradeInputs inputs, string? before)
    {
        var scheme = run.Scheme;
        var (score, parts) = run.Scorer.Explain([.. inputs.Columns.Select(c => c[0])]);
        IndicatorPart[] indicators =
        [
            .. scheme.Indicators.Zip(
                parts,
                (i, p) =>
                    new IndicatorPart(
                        Id: i.Id,
                        Source: i.Source,
                        Value: p.Value,
                        Norm: p.Norm,
                        Weight: decimal.Round(p.Weight, 9),
                        Points: decimal.Round(p.Points, 7),
                        Group: i.Group,
                        Contribution: p.Contribution
                    )
            ),
        ];
        return new(
            CustomerId: inputs.Customers[0],
            Scheme: scheme.Code,
            Version: scheme.Version,
            RunId: run.Id,
            AsOf: run.AsOf,
            Customers: run.Fact.Customers,
            ScoringRun: run.ScoringRun,
            Score: score,
            Before: before,
            Grade: scheme.GradeOf(score, before),
            Hysteresis: scheme.Hysteresis,
            Grades: scheme.Grades,
            Terms: scheme.Terms,
            Indicators: indicators,
            Groups:
            [
                .. scheme.Groups.Select(g =>
                {
                    var within = indicators.Where(i => i.Group == g.Id).ToList();
                    return new GroupPart(g.Id, g.Cap, within.Sum(i => i.Points), within.Sum(i => i.Contribution));
                }),
            ]
        );
    }
}
