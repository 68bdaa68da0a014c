using System.Text.Json;
using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>The segments that decide at present.</summary>
/// <param name="Version">Grows with everything that is published, paused or withdrawn.</param>
/// <param name="Segments">Those that others ask about stand before them.</param>
/// <param name="Spread">All of it has come to all customers; until then whoever is folded is asked by all segments.</param>
public sealed record PublishedSegments(long Version, IReadOnlyList<LiveSegment> Segments, bool Spread)
{
    /// <summary>When one was last published, resumed or withdrawn.</summary>
    public DateTimeOffset LastChange { get; } =
        Segments
            .SelectMany(s => s.Eras.Select(e => e.From).Append(s.Floor))
            .Where(at => at != long.MinValue)
            .Select(at => Instant.Shown(at)!.Value)
            .DefaultIfEmpty(DateTimeOffset.UnixEpoch)
            .Max();
}

/// <summary>The published segments in memory: asked whenever customers are judged, read again when there is something new.</summary>
public sealed class SegmentBook(Business business)
{
    const int DeepestNesting = 5;
    const int MostSegments = 300;

    volatile PublishedSegments current = new(-1, [], false);
    volatile Dictionary<string, IReadOnlySet<string>> asks = [];
    volatile Dictionary<string, LiveSegment> all = [];

    public PublishedSegments Current => current;

    public async Task<PublishedSegments> Refresh(NpgsqlConnection connection, CancellationToken ct)
    {
        var (version, spread) = await connection.QuerySingleAsync<(long, long?)>(
            new CommandDefinition(
                """
                select (select coalesce(sum(version), 0)::bigint from rule_segments), (select version from segment_spread)
                """,
                cancellationToken: ct
            )
        );
        if (version == current.Version)
            return current = current with { Spread = spread == version };
        var rows = (
            await connection.QueryAsync<Row>(
                new CommandDefinition(
                    """
                    select code, status, versions::text, resumed_at, paused_at, withdrawn_at from rule_segments
                    where versions <> '[]'
                    """,
                    cancellationToken: ct
                )
            )
        ).AsList();
        var live = rows.ToDictionary(r => r.Code, Live);
        all = live;
        asks = rows.Where(r => r.Status != nameof(SegmentStatus.Withdrawn)).ToDictionary(r => r.Code, r => Asks(live[r.Code]));
        var segments = InOrder(live).ToList();
        return current = new(version, segments, spread == version);
    }

    /// <returns>A segment that was ever published, paused and withdrawn ones too; null for another code.</returns>
    public async Task<LiveSegment?> Find(NpgsqlDataSource db, string code, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await Refresh(connection, ct);
        return all.GetValueOrDefault(code);
    }

    LiveSegment Live(Row row)
    {
        var versions = JsonSerializer.Deserialize<List<SegmentPublished>>(row.Versions, EventStoreOptions.Json)!;
        var eras = versions.Select(v => v.Draft.Era(v.Version, v.OccurredAt, business)).ToList();
        if (row.WithdrawnAt is { } withdrawn)
            eras.Add(new(Instant.Of(withdrawn), eras[^1].Version, null, null, Ended: true));
        return new(row.Code, eras, row.ResumedAt is { } at ? Instant.Of(at) : long.MinValue, versions[^1].Draft.Holdout)
        {
            PausedAt = row.Status == nameof(SegmentStatus.Paused) ? Instant.Of(row.PausedAt!.Value) : Instant.Never,
        };
    }

    static IReadOnlySet<string> Asks(LiveSegment segment) => segment.Eras[^1].Rule?.Segments ?? (IReadOnlySet<string>)new HashSet<string>();

    static IEnumerable<LiveSegment> InOrder(Dictionary<string, LiveSegment> live)
    {
        var (seen, order) = (new HashSet<string>(), new List<LiveSegment>());
        foreach (var code in live.Keys.Order(StringComparer.Ordinal))
            Visit(code);
        return order;

        void Visit(string code)
        {
            if (!live.TryGetValue(code, out var segment) || !seen.Add(code))
                return;
            foreach (var other in segment.Eras.SelectMany(e => e.Rule?.Segments ?? Enumerable.Empty<string>()))
                Visit(other);
            order.Add(segment);
        }
    }

    /// <exception cref="RuleViolationException">
    /// <c>segment-unknown</c>, <c>segment-cycle</c>, <c>segment-too-deep</c> or <c>too-many-segments</c>.
    /// </exception>
    public void Check(string code, SegmentDraft draft)
    {
        var known = asks;
        if (!known.ContainsKey(code) && known.Count >= MostSegments)
            throw new RuleViolationException("too-many-segments", $"There are {MostSegments} segments already. Withdraw one.");
        if (draft.Rule is null)
            return;
        var (below, path) = (new Dictionary<string, int>(StringComparer.Ordinal), new List<string> { code });
        var deep = Below(Rule.Of(draft.Rule, business).Segments);
        if (deep + Above(code) > DeepestNesting)
            throw new RuleViolationException("segment-too-deep", $"Segments may be nested {DeepestNesting} deep.", "rule");

        // How many levels are asked about. Each segment is looked at once.
        int Below(IReadOnlySet<string> asked)
        {
            var most = 0;
            foreach (var other in asked)
            {
                if (other == code)
                    throw new RuleViolationException(
                        "segment-cycle",
                        $"It asks about itself: {string.Join(" → ", [.. path, other])}.",
                        "rule"
                    );
                if (!known.TryGetValue(other, out var next))
                    throw new RuleViolationException("segment-unknown", $"There is no published segment '{other}'.", "rule");
                if (!below.TryGetValue(other, out var levels))
                {
                    path.Add(other);
                    below[other] = levels = 1 + Below(next);
                    path.RemoveAt(path.Count - 1);
                }
                most = Math.Max(most, levels);
            }
            return most;
        }

        // How many levels ask about it.
        int Above(string asked) => NeededBy(asked).Select(other => 1 + Above(other)).DefaultIfEmpty(0).Max();
    }

    /// <summary>
    /// Knows what is published, and nobody else publishes or withdraws until it is disposed: what asks about what stays as it is.
    /// </summary>
    public async Task<IAsyncDisposable> Alone(NpgsqlDataSource db, CancellationToken ct)
    {
        var connection = await db.OpenConnectionAsync(ct);
        try
        {
            // Held by the transaction, which ends with the connection.
            await connection.ExecuteAsync(
                new CommandDefinition("begin; select pg_advisory_xact_lock(hashtext('rule-segments'))", cancellationToken: ct)
            );
            await Refresh(connection, ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="RuleViolationException"><c>segment-needed</c>: another published one asks about it.</exception>
    public void CheckNobodyNeeds(string code)
    {
        if (NeededBy(code) is [var other, ..])
            throw new RuleViolationException("segment-needed", $"The segment '{other}' asks about it.", "code");
    }

    /// <summary>Codes of the published segments that ask about one.</summary>
    public IReadOnlyList<string> NeededBy(string code) =>
        [.. asks.Where(a => a.Value.Contains(code)).Select(a => a.Key).Order(StringComparer.Ordinal)];

    sealed class Row
    {
        public string Code { get; init; } = "";
        public string Status { get; init; } = "";
        public string Versions { get; init; } = "";
        public DateTimeOffset? ResumedAt { get; init; }
        public DateTimeOffset? PausedAt { get; init; }
        public DateTimeOffset? WithdrawnAt { get; init; }
    }
}
