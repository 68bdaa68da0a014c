using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>What publishing the draft would do to whom. Nothing is written.</summary>
/// <param name="Through">Number of the last event that was counted: with nothing newer, publishing does exactly this.</param>
/// <param name="AsOf">The instant at which everybody was asked.</param>
/// <param name="Customers">How many customers were asked; groups of customers who are one count as one.</param>
/// <param name="Entering">How many would become members.</param>
/// <param name="Leaving">How many would be members no more.</param>
/// <param name="Staying">How many are members and would stay.</param>
/// <param name="Unknown">Of how many something is unknown that the rule asks for; they are no members.</param>
/// <param name="ByStage">The members there would be, by stage of the lifecycle; those without one are left out.</param>
/// <param name="ByGrade">The members there would be, by ABC grade.</param>
/// <param name="Overlaps">The other published segments, most in common first.</param>
/// <param name="Enter">Some who would enter, at most 20.</param>
/// <param name="Leave">Some who would leave, at most 20.</param>
/// <param name="NeededBy">Codes of published segments that ask about this one.</param>
public sealed record SegmentPreview(
    long Through,
    DateTimeOffset AsOf,
    int Customers,
    int Entering,
    int Leaving,
    int Staying,
    int Unknown,
    IReadOnlyDictionary<string, int> ByStage,
    IReadOnlyDictionary<string, int> ByGrade,
    IReadOnlyList<SegmentOverlap> Overlaps,
    IReadOnlyList<Guid> Enter,
    IReadOnlyList<Guid> Leave,
    IReadOnlyList<string> NeededBy
);

/// <summary>How much another segment has in common with the one that there would be.</summary>
/// <param name="Code">Code of the other segment.</param>
/// <param name="Customers">Members of both.</param>
/// <param name="Jaccard">Members of both, of the members of either, with four decimals.</param>
public sealed record SegmentOverlap(string Code, int Customers, decimal Jaccard);

/// <summary>Asks the draft about all customers as they are.</summary>
public static class PreviewSegment
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "rule-segments/{code}/preview",
                "What publishing the draft of a rule segment would do to whom",
                "segmentation.segments.write",
                Preview
            )
            .WithName("PreviewSegment")
            .Produces<SegmentPreview>()
            .Refuses("segment-withdrawn", "segment-unknown", "segment-cycle", "segment-too-deep", "too-many-segments")
            .AtOnce(2);

    static async Task<IResult> Preview(
        [Code] string code,
        SegmentBook book,
        NpgsqlDataSource db,
        Business business,
        EventStore store,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (segment, _) = await store.Read(SegmentDefinition.Of(code), ct);
        var draft = segment.Existing(code).Draft!;
        if (segment.Status == SegmentStatus.Withdrawn)
            throw new RuleViolationException("segment-withdrawn", $"The segment '{code}' was withdrawn.", "code");
        PublishedSegments published;
        long through;
        await using (var connection = await db.OpenConnectionAsync(ct))
        {
            published = await book.Refresh(connection, ct);
            through = await connection.QuerySingleAsync<long>("select coalesce(max(through), 0) from segment_facts");
        }
        book.Check(code, draft);
        var now = clock.GetUtcNow();
        var live = new LiveSegment(code, [draft.Era(segment.Versions.Length + 1, now, business)], long.MinValue, draft.Holdout);
        var others = published.Segments.Where(s => s.Code != code).ToList();
        var kinds = live.Kinds | (1UL << (int)FactKind.Stage) | (1UL << (int)FactKind.Grade);
        var parts = await SegmentScan.Run(
            db,
            kinds,
            () => new PreviewTally(live, others, Instant.Of(now)),
            (tally, facts) => tally.Ask(facts),
            ct
        );
        var all = parts.Aggregate((a, b) => a.Add(b));
        return Results.Ok(
            new SegmentPreview(
                through,
                now,
                all.Customers,
                all.Entering,
                all.Leaving,
                all.Staying,
                all.Unknown,
                Named(all.ByStage, Enum.GetNames<LifecycleStage>()),
                Named(all.ByGrade, ["A", "B", "C"]),
                [
                    .. others
                        .Select(
                            (s, i) =>
                                new SegmentOverlap(s.Code, all.Common[i], Jaccard(all.Common[i], all.Of[i], all.Entering + all.Staying))
                        )
                        .OrderByDescending(o => o.Customers)
                        .ThenBy(o => o.Code, StringComparer.Ordinal),
                ],
                [.. all.Enter.Order().Take(PreviewTally.MostExamples)],
                [.. all.Leave.Order().Take(PreviewTally.MostExamples)],
                book.NeededBy(code)
            )
        );
    }

    static decimal Jaccard(int common, int other, int here) =>
        other + here - common == 0 ? 0 : Math.Round((decimal)common / (other + here - common), 4);

    static Dictionary<string, int> Named(Dictionary<ulong, int> counts, IEnumerable<string> names) =>
        names
            .Select(n => (Name: n, Count: counts.GetValueOrDefault(FactCode.Of(n))))
            .Where(n => n.Count > 0)
            .ToDictionary(n => n.Name, n => n.Count);
}
