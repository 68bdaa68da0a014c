using System.ComponentModel;
using System.Text.Json;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>A rule segment in a list.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Names">What people call it.</param>
/// <param name="Purpose"><c>service</c>, <c>marketing</c> or <c>analysis</c>.</param>
/// <param name="Status"><c>draft</c>, <c>published</c>, <c>paused</c> or <c>withdrawn</c>.</param>
/// <param name="Kind"><c>dynamic</c>: members by a rule; <c>static</c>: pinned ones only.</param>
/// <param name="Version">The latest published version; 0 for none.</param>
/// <param name="Members">How many customers are in it.</param>
/// <param name="Held">How many of them are held out.</param>
/// <param name="ChangedAt">When its draft or its state last changed.</param>
public sealed record RuleSegmentRow(
    string Code,
    SegmentNames Names,
    string Purpose,
    SegmentStatus Status,
    string Kind,
    int Version,
    long Members,
    long Held,
    DateTimeOffset ChangedAt
);

/// <summary>A rule segment with all that was published of it.</summary>
/// <param name="Segment">What a list shows.</param>
/// <param name="Draft">What would be published next.</param>
/// <param name="Versions">What was published, the latest first.</param>
/// <param name="Settled">False while somebody has yet to enter or leave a segment because of what was told or published by now.</param>
/// <param name="NeededBy">Codes of published segments that ask about this one.</param>
public sealed record RuleSegmentView(
    RuleSegmentRow Segment,
    SegmentDraft Draft,
    IReadOnlyList<PublishedVersion> Versions,
    bool Settled,
    IReadOnlyList<string> NeededBy
);

/// <summary>What was published once.</summary>
/// <param name="Version">Its number, from 1.</param>
/// <param name="Definition">Who is a member by it.</param>
/// <param name="PublishedAt">It decides from this instant on, until the next.</param>
public sealed record PublishedVersion(int Version, SegmentDraft Definition, DateTimeOffset PublishedAt);

/// <summary>The rule segments, and one with its versions.</summary>
public static class GetRuleSegments
{
    const string Columns = """
        s.code, s.version as stream_version, s.status, s.draft::text, s.versions::text, s.changed_at,
            (select count(*) from segment_members m where m.code = s.code) as members,
            (select count(*) from segment_members m where m.code = s.code and m.held) as held,
            exists (select from segment_spread where version = (select sum(version) from rule_segments))
                and not exists (select from segment_facts where due_at <= @now) as spread
        """;

    public static void Map(CrmService room)
    {
        room.MapGet(
                "rule-segments",
                "The rule segments, with how many customers are in each",
                "segmentation.read",
                async (
                    [Description("Only those with this status: draft, published, paused or withdrawn.")]
                    [OneOf(null, "draft", "published", "paused", "withdrawn")]
                        string? status,
                    NpgsqlDataSource db,
                    TimeProvider clock,
                    int? limit,
                    string? after,
                    CancellationToken ct
                ) =>
                {
                    var size = PageLimit.Of(limit);
                    var rows = await db.Query<Row>(
                        $"""
                        select {Columns} from rule_segments s
                        where s.code collate "C" > @after and (@status::text is null or lower(s.status) = @status)
                        order by s.code collate "C" limit @size + 1
                        """,
                        new
                        {
                            after = Cursor(after),
                            status,
                            size,
                            now = clock.GetUtcNow(),
                        },
                        ct
                    );
                    return Page.Of(rows, size, r => r.Shown, r => Behind + r.Code);
                }
            )
            .WithName("GetRuleSegments");
        room.MapGet("rule-segments/{code}", "A rule segment with its versions", "segmentation.read", One)
            .WithName("GetRuleSegment")
            .Produces<RuleSegmentView>();
    }

    static async Task<IResult> One(
        [Code] string code,
        HttpResponse response,
        SegmentBook book,
        NpgsqlDataSource db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        await book.Find(db, code, ct);
        var row = await db.QuerySingleOrDefault<Row>(
            $"select {Columns} from rule_segments s where s.code = @code",
            new { code, now = clock.GetUtcNow() },
            ct
        );
        if (row is null)
            return Answer.NotFound("segment", code);
        response.Headers.ETag = $"\"{row.StreamVersion}\"";
        return Results.Ok(
            new RuleSegmentView(
                row.Shown,
                row.Definition,
                [.. row.Published.Select(v => new PublishedVersion(v.Version, v.Draft, v.OccurredAt)).Reverse()],
                row.Spread,
                book.NeededBy(code)
            )
        );
    }

    const string Behind = "code:";

    static string Cursor(string? after) =>
        after is null ? ""
        : after.StartsWith(Behind, StringComparison.Ordinal) ? after[Behind.Length..]
        : throw new BadRequestException("after", "the 'next' of the page before");

    sealed class Row
    {
        public string Code { get; init; } = "";
        public long StreamVersion { get; init; }
        public string Status { get; init; } = "";
        public string Draft { get; init; } = "";
        public string Versions { get; init; } = "";
        public long Members { get; init; }
        public long Held { get; init; }
        public bool Spread { get; init; }
        public DateTimeOffset ChangedAt { get; init; }

        public SegmentDraft Definition => JsonSerializer.Deserialize<SegmentDraft>(Draft, EventStoreOptions.Json)!;
        public List<SegmentPublished> Published => JsonSerializer.Deserialize<List<SegmentPublished>>(Versions, EventStoreOptions.Json)!;

        public RuleSegmentRow Shown
        {
            get
            {
                var (draft, versions) = (Definition, Published);
                return new(
                    Code,
                    draft.Names,
                    draft.Purpose,
                    Enum.Parse<SegmentStatus>(Status),
                    (versions.Count > 0 ? versions[^1].Draft : draft).Rule is null ? "static" : "dynamic",
                    versions.Count,
                    Members,
                    Held,
                    ChangedAt
                );
            }
        }
    }
}
