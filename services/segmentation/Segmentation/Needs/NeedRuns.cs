namespace CrmPlatform.Segmentation.Needs;

/// <param name="Done">Without events where the run was there already.</param>
public sealed record MeasuredRun(Guid Id, WriteResult Done);

/// <summary>
/// Measures everybody's needs and records the run. The same day and the same numbers of everybody are the same run.
/// </summary>
public sealed class NeedRuns(NpgsqlDataSource db, EventStore store, ProjectionDaemon daemon, Business business, TimeProvider clock)
{
    static readonly HashSet<string> waitFor = [NeedFacts.Follower, "judged-with", "judge-groups", FollowNeeds.Follower];

    public async Task<MeasuredRun> Measure(Request request, DateOnly asOf, CancellationToken ct)
    {
        var window = NeedWindow.Of(asOf, business, await CatchUp(ct));
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var patterns = new NeedPatterns();
        await (await NeedScan.Begin(connection, window, ct)).Everybody(patterns.Add, ct);
        if (patterns.Customers == 0)
            throw new RuleViolationException(
                "nobody-to-judge",
                $"Nobody ordered anything whose lines are known in the {NeedWindow.Days} days to {asOf:O}.",
                "asOf"
            );
        var id = await IdOf(connection, asOf, patterns.Fingerprint);
        request.Creates(id, $"/api/segmentation/needs/runs/{id}", version: 1);
        // Written all the same: of two that come at once with one key, the second learns there that it has been answered.
        var measured = new NeedsMeasured(
            AsOf: asOf,
            Scales: [NeedScale.Of(NeedCodes.Price, patterns.Counts)],
            Customers: patterns.Customers,
            Fingerprint: patterns.Fingerprint,
            Through: window.Through,
            Publishes: !await LooksBack(connection, asOf, window.Until),
            OccurredAt: clock.GetUtcNow()
        );
        return new(id, await store.Write(request, NeedsRun.Of(id), run => run.Measured ? [] : [measured]));
    }

    /// <summary>That of the day's latest run, where nobody's numbers have changed since.</summary>
    async Task<Guid> IdOf(NpgsqlConnection connection, DateOnly asOf, string fingerprint)
    {
        var before = await connection.QuerySingleOrDefaultAsync<(Guid Id, string Fingerprint)?>(
            "select run_id, fingerprint from needs_runs where as_of = @asOf order by through desc limit 1",
            new { asOf }
        );
        return before is { } same && same.Fingerprint == fingerprint
            ? same.Id
            : NameId.For("needs-run", $"{asOf:O}", business.TimeZone, fingerprint, $"{before?.Id}");
    }

    /// <summary>A run counts what the log holds now: waits until the views do.</summary>
    async Task<long> CatchUp(CancellationToken ct)
    {
        await using var command = db.CreateCommand("select coalesce(max(seq_id), 0) from mt_events");
        var head = (long)(await command.ExecuteScalarAsync(ct))!;
        while ((await daemon.Status(ct)).Any(f => waitFor.Contains(f.Name) && f.Position < head))
            await Task.Delay(5, ct);
        return head;
    }

    /// <summary>As a scoring run looks back.</summary>
    async Task<bool> LooksBack(NpgsqlConnection connection, DateOnly asOf, DateTimeOffset until) =>
        await connection.QuerySingleAsync<bool>(
            """
            select exists (select from needs_runs where publishes and as_of > @asOf)
                or (@old and exists (select from counted_purchases where purchased_at >= @until))
            """,
            new
            {
                asOf,
                until,
                old = asOf < business.DayOf(clock.GetUtcNow()).AddDays(-1),
            }
        );
}
