using System.ComponentModel;
using CrmPlatform.Segmentation.Segments;

namespace CrmPlatform.Segmentation.Grading;

/// <summary>A customer who has a grade.</summary>
/// <param name="Grade">The grade that stands.</param>
/// <param name="Since">Since when it stands.</param>
/// <param name="Computed">The computed grade; null for a customer who is in no run.</param>
/// <param name="Score">The score of the run that found this grade; later runs have found the same grade.</param>
/// <param name="Overridden">True where people said the grade that stands.</param>
public sealed record GradedCustomer(
    Guid CustomerId,
    string Grade,
    DateTimeOffset Since,
    string? Computed,
    decimal? Score,
    bool Overridden,
    Guid SourceEvent
);

/// <summary>A run of a scheme.</summary>
/// <param name="Id">Id of the run.</param>
/// <param name="AsOf">Business day at whose end it measured.</param>
/// <param name="Version">The version of the scheme that it used.</param>
/// <param name="Customers">N: customers with a net order by then.</param>
/// <param name="ScoringRun">The scoring run whose cut-off values gave the scores among the numbers; null where there were none.</param>
/// <param name="Publishes">Whether customers take their grades from it.</param>
/// <param name="GradedAt">When it measured.</param>
/// <param name="PublishedAt">When all customers had been told; null until then, and for a run that does not publish.</param>
/// <param name="CustomersChanged">How many computed grades it changed; null until it is published.</param>
public sealed record GradingRunView(
    Guid Id,
    DateOnly AsOf,
    int Version,
    int Customers,
    Guid? ScoringRun,
    bool Publishes,
    DateTimeOffset GradedAt,
    DateTimeOffset? PublishedAt,
    int? CustomersChanged
);

/// <summary>How many customers have each grade of a scheme, who they are, and the runs that graded them.</summary>
public static class GetStandings
{
    public static void Map(CrmService room)
    {
        room.MapGet(
                "grade-schemes/{code}/grades",
                "How many customers have each grade of a scheme",
                "segmentation.read",
                async ([Code] string code, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    if (!(await GetSchemes.All(db, ct)).TryGetValue(code, out var scheme))
                        return Answer.NotFound("grade scheme", code);
                    var found = (
                        await db.Query<(string Grade, long Customers)>(
                            $"""
                            select standing, count(*) from standing_grades g
                            where scheme = @code and standing is not null and {StandingGrades.Shown} group by 1
                            """,
                            new { code },
                            ct
                        )
                    ).ToDictionary(f => f.Grade, f => f.Customers);
                    // Until the first run of a version, grades of the one before may stand.
                    var names = scheme.Grades.Select(g => g.Grade).Union(found.Keys.Order(StringComparer.Ordinal));
                    return Results.Ok(GetSegments.Rows(names.ToDictionary(n => n, n => found.GetValueOrDefault(n))));
                }
            )
            .WithName("GetSchemeGrades")
            .Produces<IReadOnlyList<CountRow>>();
        room.MapGet(
                "grade-schemes/{code}/members",
                "Who has which grade of a scheme",
                "segmentation.read",
                async (
                    [Code] string code,
                    [Description("Only those who have this grade.")] string? grade,
                    NpgsqlDataSource db,
                    int? limit,
                    Guid? after,
                    CancellationToken ct
                ) =>
                {
                    var size = PageLimit.Of(limit);
                    if (!(await GetSchemes.All(db, ct)).ContainsKey(code))
                        return Answer.NotFound("grade scheme", code);
                    var rows = await db.Query<GradedCustomer>(
                        $"""
                        select customer_id, standing as grade, since, computed, score, overridden is not null as overridden, source_event
                        from standing_grades g
                        where scheme = @code and standing is not null and (@grade::text is null or standing = @grade)
                            and (@after::uuid is null or customer_id > @after) and {StandingGrades.Shown}
                        order by customer_id limit @size + 1
                        """,
                        new
                        {
                            code,
                            grade,
                            after,
                            size,
                        },
                        ct
                    );
                    return Results.Ok(Page.Of(rows, size, r => r.CustomerId.ToString()));
                }
            )
            .WithName("GetSchemeMembers")
            .Produces<Page<GradedCustomer>>();
        room.MapGet(
                "grade-schemes/{code}/runs/{id:guid}",
                "One run of a scheme",
                "segmentation.read",
                async ([Code] string code, Guid id, NpgsqlDataSource db, CancellationToken ct) =>
                    await GradingRunList.Find(db, id, ct) is { } run && run.Scheme.Code == code
                        ? Results.Ok(View(run))
                        : Answer.NotFound("grading run", id)
            )
            .WithName("GetGradingRun")
            .Produces<GradingRunView>();
    }

    static GradingRunView View(GradingRunRow run) =>
        new(
            Id: run.Id,
            AsOf: run.AsOf,
            Version: run.Scheme.Version,
            Customers: run.Fact.Customers,
            ScoringRun: run.ScoringRun,
            Publishes: run.Fact.Publishes,
            GradedAt: run.Fact.OccurredAt,
            PublishedAt: run.PublishedAt,
            CustomersChanged: run.Changed
        );
}
