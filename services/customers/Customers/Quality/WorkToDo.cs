namespace CrmPlatform.Customers.Quality;

/// <summary>Whose profiles are to be mended, by the view and the rules that hold.</summary>
public sealed class WorkToDo(NpgsqlDataSource db, KnownRules known, TimeProvider clock)
{
    /// <exception cref="RuleViolationException"><c>rule-unknown</c>: no such rule holds.</exception>
    public async Task<IReadOnlyList<Guid>> Find(MakeWorkList asked, CancellationToken ct)
    {
        var (rules, now) = (await known.Now(ct), clock.GetUtcNow());
        var scores = asked.Band is null ? null : await Scores(rules, now, asked.Source, null, ct);
        if (asked.Rule is null)
            return
            [
                .. scores!
                    .Where(s => s.Value.Band == asked.Band)
                    .OrderBy(s => s.Value.Score)
                    .ThenBy(s => s.Key)
                    .Take(asked.Most)
                    .Select(s => s.Key),
            ];
        var rule = FindingRows.Known(rules, asked.Rule).Id;
        var broken = await db.Query<Guid>(
            $"""
            select customer_id from ({FindingRows.Sql(rule, FindingStatus.Open)}) f
            order by since, customer_id {(scores is null ? "limit @most" : "")}
            """,
            With(rules, now, rule, asked.Source, new { most = asked.Most }),
            ct
        );
        return
        [
            .. broken.Where(c => scores is null || (scores.TryGetValue(c, out var score) && score.Band == asked.Band)).Take(asked.Most),
        ];
    }

    /// <summary>
    /// Those of a list who are not done: who break its rule still; without a rule, who are in its band still or in a lower one. Who was
    /// forgotten, and a rule that holds no more, leave nothing to do.
    /// </summary>
    public async Task<IReadOnlySet<Guid>> Left(string? rule, QualityBand? band, Guid[] customers, CancellationToken ct)
    {
        var (rules, now) = (await known.Now(ct), clock.GetUtcNow());
        if (rule is null)
            return (await Scores(rules, now, null, customers, ct)).Where(s => s.Value.Band <= band).Select(s => s.Key).ToHashSet();
        if (rules.Rules.All(r => r.Id != rule))
            return new HashSet<Guid>();
        var broken = await db.Query<Guid>(
            $"select customer_id from ({FindingRows.Sql(rule, FindingStatus.Open)} and q.customer_id = any(@customers)) f",
            With(rules, now, rule, null, new { customers }),
            ct
        );
        return broken.ToHashSet();
    }

    async Task<Dictionary<Guid, QualityScore>> Scores(
        QualityRules rules,
        DateTimeOffset now,
        string? source,
        Guid[]? customers,
        CancellationToken ct
    )
    {
        var scores = new Dictionary<Guid, QualityScore>();
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows =
            customers is not null ? QualityRows.Read(connection, "where customer_id = any($1)", ct, customers)
            : source is not null ? QualityRows.Read(connection, "where source = $1", ct, source)
            : QualityRows.Read(connection, "", ct);
        await foreach (var (customer, state) in rows)
            scores[customer] = QualityScore.Of(state, rules, now);
        return scores;
    }

    static DynamicParameters With(QualityRules rules, DateTimeOffset now, string rule, string? source, object more)
    {
        var parameters = FindingRows.Parameters(rules, now, rule, source);
        parameters.AddDynamicParams(more);
        return parameters;
    }
}
