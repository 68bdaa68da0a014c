namespace CrmPlatform.Segmentation.Grading;

/// <summary>What the latest run computed.</summary>
/// <param name="Grade">The grade.</param>
/// <param name="Score">The score of that run, 0 to 100.</param>
/// <param name="RunId">The latest run that the customer was in.</param>
/// <param name="AsOf">Business day at whose end it measured.</param>
/// <param name="Since">Since when the computed grade is so.</param>
public sealed record ComputedGrade(string Grade, decimal Score, Guid RunId, DateOnly AsOf, DateTimeOffset Since);

/// <summary>What somebody said instead.</summary>
/// <param name="Grade">The grade.</param>
/// <param name="Reason">Why, as a code.</param>
/// <param name="By">Who said so: subject of their token.</param>
/// <param name="Until">Until when it stands.</param>
/// <param name="Since">When it was said.</param>
public sealed record SaidGrade(string Grade, string Reason, string By, DateTimeOffset Until, DateTimeOffset Since);

/// <summary>A customer's grade in a scheme.</summary>
/// <param name="Scheme">Code of the scheme.</param>
/// <param name="Grade">The grade that stands: what was said, else what was computed.</param>
/// <param name="Since">Since when it stands.</param>
/// <param name="Cause">What changed it: <c>run</c>, <c>scheme</c> (the first run of a version), <c>override</c> or
/// <c>override-ended</c>.</param>
/// <param name="Computed">Null for a customer who is in no run.</param>
/// <param name="Override">Null where nobody said anything else.</param>
public sealed record SchemeGrade(
    string Scheme,
    string Grade,
    DateTimeOffset Since,
    [property: OneOf("run", "scheme", "override", "override-ended")] string Cause,
    ComputedGrade? Computed,
    SaidGrade? Override,
    Guid SourceEvent
);

/// <summary>One customer's grades in all schemes.</summary>
public static class GetCustomerGrades
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "customers/{id:guid}/grades",
                "One customer's grades in all published schemes",
                "segmentation.read",
                async (Guid id, Graders graders, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    var group = await CustomerGroups.Of(db, id, ct);
                    if (!await db.QuerySingle<bool>("select exists (select from customer_scores where customer_id = @id)", new { id }, ct))
                        return Answer.NotFound("customer", id);
                    var rows = await db.Query<Row>(
                        """
                        select scheme, standing, since, cause, source_event, computed, score, run_id, as_of, computed_at, overridden,
                            reason, said_by, until, said_at
                        from standing_grades where customer_id = @SurvivorId and standing is not null order by scheme collate "C"
                        """,
                        new { group.SurvivorId },
                        ct
                    );
                    var grades = new List<SchemeGrade>();
                    foreach (var row in rows)
                        grades.Add(View(row.Computed is null ? row : await Latest(row, group.SurvivorId, graders, db, ct)));
                    return Results.Ok(grades);
                }
            )
            .Produces<IReadOnlyList<SchemeGrade>>()
            .AtOnce(8);

    /// <summary>Only changes of the grade are recorded: the score of the latest run is computed again.</summary>
    static async Task<Row> Latest(Row row, Guid customer, Graders graders, NpgsqlDataSource db, CancellationToken ct)
    {
        if (await GradingRunList.Latest(db, row.Scheme, DateOnly.MaxValue, ct) is not { PublishedAt: not null } run || run.Id == row.RunId)
            return row;
        var inputs = await graders.Again(run, ct, customer);
        return inputs.Customers.Count == 0
            ? row
            : row with
            {
                Score = run.Scorer.Score(inputs.Columns, 0),
                RunId = run.Id,
                AsOf = run.AsOf,
            };
    }

    static SchemeGrade View(Row r) =>
        new(
            Scheme: r.Scheme,
            Grade: r.Standing,
            Since: r.Since,
            Cause: r.Cause,
            Computed: r.Computed is null ? null : new(r.Computed, r.Score!.Value, r.RunId!.Value, r.AsOf!.Value, r.ComputedAt!.Value),
            Override: r.Overridden is null ? null : new(r.Overridden, r.Reason!, r.SaidBy!, r.Until!.Value, r.SaidAt!.Value),
            SourceEvent: r.SourceEvent
        );

    sealed record Row(
        string Scheme,
        string Standing,
        DateTimeOffset Since,
        string Cause,
        Guid SourceEvent,
        string? Computed,
        decimal? Score,
        Guid? RunId,
        DateOnly? AsOf,
        DateTimeOffset? ComputedAt,
        string? Overridden,
        string? Reason,
        string? SaidBy,
        DateTimeOffset? Until,
        DateTimeOffset? SaidAt
    );
}
