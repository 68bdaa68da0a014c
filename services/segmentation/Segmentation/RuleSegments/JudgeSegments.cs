using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>
/// Records who enters and leaves rule segments: whoever is due, because of something that was told or of time alone. Changes are dated at
/// their own instants, so neither the interval nor how late it runs matters. While a source tells of the past (an import), silence of those
/// who buy there is not silence: only what they are told to have done, and what is published, counts until it has settled.
/// </summary>
public sealed class JudgeSegments(SegmentBook book, SegmentationOptions options) : IDueWork
{
    const int AtOnce = 2_000;

    // As the lifecycle's clock: who has bought at a source that tells of the past at present, and when it may be quiet at the earliest.
    const string Waiting = """
        select max(least(i.noted_at + @ImportSettles, i.began_at + @ImportLasts)) as until
        from lifecycle_settling i join lifecycle_source s on s.source in (i.source, '') and s.customer_id = f.customer_id
        where i.noted_at > @now - @ImportSettles and i.began_at > @now - @ImportLasts
        """;

    // However many of them wait, they are asked about once until then, and the others do not wait. Rows that are being written come later.
    const string Postpone = $"""
        update segment_facts f set due_at = p.until from (
            select f.customer_id, w.until from segment_facts f cross join lateral ({Waiting}) w
            where f.due_at <= @now and f.due_at > greatest(f.told_at, @LastChange) and w.until is not null
                and exists (select from lifecycle_settling where noted_at > @now - @ImportSettles)
            order by f.due_at limit @AtOnce for update of f skip locked) p
        where f.customer_id = p.customer_id
        """;

    const string Sql = $"""
        select f.customer_id, w.now_at from segment_facts f
        cross join lateral (select case when max(until) is null then @now else least(greatest(f.told_at, @LastChange), @now) end as now_at
            from ({Waiting}) s) w
        where f.due_at <= @now and f.due_at <= w.now_at order by f.due_at limit @AtOnce
        """;

    /// <summary>Whom this replica has judged, by which facts: until their row shows it they are not judged again.</summary>
    readonly Dictionary<Guid, (long Through, long Book, DateTimeOffset At)> judged = [];

    static readonly TimeSpan again = TimeSpan.FromSeconds(5);

    public string Name => "judge-segments";
    public TimeSpan Every => options.JudgeEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        var segments = await book.Refresh(connection, ct);
        var at = new
        {
            now,
            options.ImportSettles,
            options.ImportLasts,
            segments.LastChange,
            AtOnce,
        };
        await connection.ExecuteAsync(new(Postpone, at, cancellationToken: ct));
        var due = (
            await connection.QueryAsync<(Guid Customer, DateTimeOffset Until)>(new CommandDefinition(Sql, at, cancellationToken: ct))
        ).ToDictionary(d => d.Customer, d => d.Until);
        if (due.Count == 0)
            return [];
        var rows = await FactRow.Around(connection, [.. due.Keys], ct);
        var groups = rows.Values.Where(r => r.SurvivorId is not null).ToLookup(r => r.SurvivorId!.Value);
        var (writes, moved) = (new List<Write>(), new List<(FactRow Row, DateTimeOffset? DueAt)>());
        foreach (var (customer, until) in due)
        {
            // Forgotten a moment ago.
            if (!rows.TryGetValue(customer, out var row))
                continue;
            var next = row.DueAt(groups[customer], segments.Segments);
            if (!(next <= until))
                moved.Add((row, next));
            else if (IsNew(row, segments.Version, now))
                writes.Add(Judge(row, row.With(groups[customer]), segments.Segments, until));
        }
        await Move(connection, moved, ct);
        return writes;
    }

    static Write Judge(FactRow row, CustomerFacts facts, IReadOnlyList<LiveSegment> segments, DateTimeOffset until) =>
        Write.To(
            Memberships.Of(row.CustomerId),
            membership =>
                row.SurvivorId is null
                    ? membership.Judge(facts, segments, Instant.Of(until))
                    : membership.Leave(row.CustomerId, Instant.Shown(facts.Since)!.Value)
        );

    bool IsNew(FactRow row, long version, DateTimeOffset now)
    {
        if (
            judged.TryGetValue(row.CustomerId, out var last)
            && last.Through == row.Through
            && last.Book == version
            && now - last.At < again
        )
            return false;
        if (judged.Count > 100_000)
            judged.Clear();
        judged[row.CustomerId] = (row.Through, version, now);
        return true;
    }

    /// <summary>Rows that were due by segments of before.</summary>
    internal static Task Move(NpgsqlConnection connection, List<(FactRow Row, DateTimeOffset? DueAt)> moved, CancellationToken ct) =>
        moved.Count == 0
            ? Task.CompletedTask
            : connection.ExecuteAsync(
                new CommandDefinition(
                    """
                    update segment_facts f set due_at = m.due_at
                    from unnest(@ids, @through, @due::timestamptz[]) m(customer_id, through, due_at)
                    where f.customer_id = m.customer_id and f.through = m.through and f.due_at is distinct from m.due_at
                    """,
                    new
                    {
                        ids = moved.Select(m => m.Row.CustomerId).ToArray(),
                        through = moved.Select(m => m.Row.Through).ToArray(),
                        due = moved.Select(m => m.DueAt).ToArray(),
                    },
                    cancellationToken: ct
                )
            );
}
