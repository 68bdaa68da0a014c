namespace CrmPlatform.Customers.Quality;

/// <summary>A work list and how far it is.</summary>
/// <param name="Id">Id of the list.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Rule">The rule that its customers broke; null if they were chosen by band.</param>
/// <param name="Band">The band that they were in; null for any.</param>
/// <param name="Source">The system that registered them; null for any.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="Customers">How many customers it has.</param>
/// <param name="Done">How many of them break the rule no more, or are in a better band; also who was forgotten since.</param>
public sealed record WorkListShown(
    Guid Id,
    string? Name,
    string? Rule,
    QualityBand? Band,
    string? Source,
    DateTimeOffset MadeAt,
    int Customers,
    int Done
);

/// <summary>The work lists, the newest first.</summary>
public static class GetWorkLists
{
    internal sealed record Row
    {
        public Guid Id { get; init; }
        public string? Name { get; init; }
        public string? Rule { get; init; }
        public QualityBand? Band { get; init; }
        public string? Source { get; init; }
        public Guid[] Customers { get; init; } = [];
        public DateTimeOffset MadeAt { get; init; }
        public long Version { get; init; }

        public WorkListShown Shown(int left) => new(Id, Name, Rule, Band, Source, MadeAt, Customers.Length, Customers.Length - left);
    }

    internal static Task<List<Row>> Read(NpgsqlDataSource db, string where, object parameters, CancellationToken ct) =>
        db.Query<Row>($"select id, name, rule, band, source, customers, made_at, version from quality_work_lists {where}", parameters, ct);

    public static void Map(CrmService room) =>
        room.MapGet(
                "quality/work-lists",
                "List the lists of customers whose profiles are to be mended",
                "customers.quality.read",
                async (int? limit, string? after, NpgsqlDataSource db, WorkToDo work, CancellationToken ct) =>
                {
                    var (size, (at, last)) = (PageLimit.Of(limit), TimeCursor.Parse(after));
                    var rows = await Read(
                        db,
                        """
                        where @at::timestamptz is null or (made_at, id) < (@at, @last)
                        order by made_at desc, id desc limit @size + 1
                        """,
                        new
                        {
                            at,
                            last,
                            size,
                        },
                        ct
                    );
                    var shown = new List<WorkListShown>();
                    foreach (var row in rows)
                        shown.Add(row.Shown((await work.Left(row.Rule, row.Band, row.Customers, ct)).Count));
                    return Page.Of(shown, size, l => TimeCursor.Of(l.MadeAt, l.Id));
                }
            )
            .AtOnce(4);
}
