using System.ComponentModel;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Rfm;
using CrmPlatform.Segmentation.Runs;

namespace CrmPlatform.Segmentation.Segments;

/// <summary>How many customers are in each segment, type, class and stage; and who is in a segment, why, and since when.</summary>
public static class GetSegments
{
    static readonly string[] grades = ["A", "B", "C"];

    public static void Map(CrmService room)
    {
        room.MapGet(
            "segments",
            "The segments: their cells, and how many customers are in each",
            "segmentation.read",
            async (NpgsqlDataSource db, CancellationToken ct) =>
            {
                var rows = await Table(db, "segment", SegmentGrid.All.Select(s => s.Name), ct);
                return SegmentGrid
                    .All.Zip(
                        rows,
                        (s, row) =>
                            new SegmentRow(
                                s.Name,
                                s.Slug,
                                SegmentGrid.Version,
                                [.. s.Cells.Select(c => (int[])[c.Recency, c.Value])],
                                row.Customers,
                                row.Share
                            )
                    )
                    .ToList();
            }
        );
        room.MapGet("segments/{name}/members", "Who is in a segment, why and since when", "segmentation.read", Members)
            .WithName("GetMembers")
            .Produces<Page<SegmentMember>>();
        room.MapGet(
                "types",
                "How many customers are of each of the eight types",
                "segmentation.read",
                (NpgsqlDataSource db, CancellationToken ct) => Table(db, "chinese_type", ChineseTypes.All, ct)
            )
            .WithName("GetTypes");
        room.MapGet(
                "abc",
                "How many customers have each grade",
                "segmentation.read",
                (NpgsqlDataSource db, CancellationToken ct) => Table(db, "grade", grades, ct)
            )
            .WithName("GetGrades");
        room.MapGet(
                "summary",
                "All customers in a few numbers",
                "segmentation.read",
                async (NpgsqlDataSource db, TimeProvider clock, CancellationToken ct) =>
                {
                    await using var connection = await db.OpenConnectionAsync(ct);
                    return new Summary(
                        Customers: await connection.QuerySingleAsync<long>(
                            "select count(*) from customer_scores where not forgotten and survivor_id is null"
                        ),
                        RfmSegments: await Count(db, "segment", SegmentGrid.All.Select(s => s.Name), ct),
                        ChineseTypes: await Count(db, "chinese_type", ChineseTypes.All, ct),
                        Abc: await Count(db, "grade", grades, ct),
                        Lifecycle: await Count(db, "stage", Enum.GetNames<LifecycleStage>(), ct),
                        LifecycleDue: await connection.QuerySingleAsync<long>(
                            "select count(*) from lifecycle_due_2 where due_at < @now",
                            new { now = clock.GetUtcNow() }
                        ),
                        LastRun: await connection.QuerySingleOrDefaultAsync<LastRun>(
                            "select run_id as Id, as_of as AsOf, customers " + RefreshYardsticks.Latest
                        )
                    );
                }
            )
            .WithName("GetSummary");
    }

    static async Task<IResult> Members(
        [Description("Name or slug of the segment: cant-lose-them.")] string name,
        NpgsqlDataSource db,
        int? limit,
        Guid? after,
        CancellationToken ct
    )
    {
        var size = PageLimit.Of(limit);
        if (SegmentGrid.Find(name) is not { } segment)
            return Answer.NotFound("segment", name);
        var members = await db.Query<SegmentMember>(
            """
            select customer_id, recency::int, frequency::int, monetary::int, chinese_type, grade, segment_since as Since,
                segment_reason as Reason, segment_event as SourceEvent
            from customer_scores
            where segment = @Name and not forgotten and survivor_id is null and (@after::uuid is null or customer_id > @after)
                order by customer_id limit @size + 1
            """,
            new
            {
                segment.Name,
                after,
                size,
            },
            ct
        );
        return Results.Ok(Page.Of(members, size, m => m.CustomerId.ToString()));
    }

    internal static async Task<IReadOnlyList<CountRow>> Table(
        NpgsqlDataSource db,
        string column,
        IEnumerable<string> names,
        CancellationToken ct
    ) => Rows(await Count(db, column, names, ct));

    internal static IReadOnlyList<CountRow> Rows(Dictionary<string, long> counts) =>
        [.. counts.Zip(Percentages.Of([.. counts.Values.Select(n => (decimal)n)]), (c, p) => new CountRow(c.Key, c.Value, p / 100))];

    static Task<Dictionary<string, long>> Count(NpgsqlDataSource db, string column, IEnumerable<string> names, CancellationToken ct) =>
        Counted(
            db,
            $"""
            select {column}, count(*) from customer_scores where {column} is not null and not forgotten and survivor_id is null group by 1
            """,
            null,
            names,
            ct
        );

    /// <summary>Every name is there, also with nobody in it.</summary>
    internal static async Task<Dictionary<string, long>> Counted(
        NpgsqlDataSource db,
        string sql,
        object? args,
        IEnumerable<string> names,
        CancellationToken ct
    )
    {
        var found = (await db.Query<(string Name, long Customers)>(sql, args, ct)).ToDictionary(r => r.Name, r => r.Customers);
        return names.ToDictionary(name => name, name => found.GetValueOrDefault(name));
    }
}
