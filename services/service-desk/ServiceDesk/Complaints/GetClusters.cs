namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>Five or more complaints about the same thing with the same cause within seven days.</summary>
/// <param name="Category">What they are about.</param>
/// <param name="Cause">Their cause.</param>
/// <param name="From">When the first of them was opened.</param>
/// <param name="Until">Seven days later.</param>
/// <param name="FoundAt">When the fifth was opened.</param>
/// <param name="Complaints">How many were opened in these seven days, as is known now.</param>
/// <param name="Actions">How many corrective actions for the cause were set since.</param>
public sealed record ClusterView(
    string Category,
    string Cause,
    DateTimeOffset From,
    DateTimeOffset Until,
    DateTimeOffset FoundAt,
    long Complaints,
    long Actions
);

/// <summary>The clusters of complaints, the newest first.</summary>
static class GetClusters
{
    const string Sql = """
        select cluster_id, category, cause, from_at as from, until_at as until, found_at,
            (select count(*) from complaints c join ticket_list t using (ticket_id)
                where c.category = k.category and coalesce(c.cause, t.cause) = k.cause
                and c.opened_at >= from_at and c.opened_at < until_at) as complaints,
            (select count(*) from corrective_actions a where a.cause = k.cause and a.set_at >= from_at) as actions
        from complaint_clusters k where @at::timestamptz is null or (from_at, cluster_id) < (@at, @id)
        order by from_at desc, cluster_id desc limit @size + 1
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
            "complaints/clusters",
            "Complaints that come in numbers: five or more with one category and cause within seven days, newest first",
            "service-desk.read",
            async (int? limit, string? after, NpgsqlDataSource db, CancellationToken ct) =>
            {
                var (size, (at, id)) = (PageLimit.Of(limit), TimeCursor.Parse(after));
                var rows = await db.Query<Row>(
                    Sql,
                    new
                    {
                        at,
                        id,
                        size,
                    },
                    ct
                );
                return Page.Of(rows, size, r => r.Shown, r => TimeCursor.Of(r.From, r.ClusterId));
            }
        );

    sealed class Row
    {
        public Guid ClusterId { get; init; }
        public string Category { get; init; } = "";
        public string Cause { get; init; } = "";
        public DateTimeOffset From { get; init; }
        public DateTimeOffset Until { get; init; }
        public DateTimeOffset FoundAt { get; init; }
        public long Complaints { get; init; }
        public long Actions { get; init; }

        public ClusterView Shown => new(Category, Cause, From, Until, FoundAt, Complaints, Actions);
    }
}
