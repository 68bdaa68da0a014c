namespace CrmPlatform.ServiceDesk.Customers;

/// <summary>What decides how urgent the customer's tickets are.</summary>
/// <param name="Tier">The tier in loyalty; null if none was told.</param>
/// <param name="Grade">The ABC grade; null if none was told.</param>
/// <param name="Forgotten">True once the customer asked to be forgotten.</param>
/// <param name="Segments">Segments that they are in, without those in which they are held out.</param>
public sealed record Standing(string? Tier, string? Grade, bool Forgotten, IReadOnlyList<string>? Segments = null)
{
    // In the order of the ladder, a tier that nobody was seen to reach last; of the same tier the survivor's.
    const string Sql = """
        select i.id, b.tier, b.grade, coalesce(s.forgotten, false) as forgotten, b.segments
        from (select distinct unnest(@ids) as id) i
            left join customer_standings s on s.customer_id = i.id
            left join customer_groups g on g.customer_id = i.id
            cross join lateral (
                select (array_agg(m.tier order by coalesce(l.points, -1) desc, u.place) filter (where m.tier is not null))[1] as tier,
                    min(m.grade collate "C") as grade, array(
                        select distinct unnest(a.segments) from customer_standings a
                        where a.customer_id = any(coalesce(g.members, array[i.id]))) as segments
                from unnest(coalesce(g.members, array[i.id])) with ordinality u (id, place)
                    join customer_standings m on m.customer_id = u.id
                    left join tier_ladder l on l.tier = m.tier) b
        where s.customer_id is not null or g.customer_id is not null
        """;

    public bool In(string segment) => Segments?.Contains(segment) == true;

    public static Standing Nothing { get; } = new(null, null, Forgotten: false);

    /// <summary>The customer's own, whoever is one person with them.</summary>
    /// <returns>Null if nothing was heard of the customer yet.</returns>
    public static async Task<Standing?> Own(NpgsqlDataSource db, Guid customerId, CancellationToken ct) =>
        (
            await db.QuerySingleOrDefault<Row>(
                "select tier, grade, forgotten, segments from customer_standings where customer_id = @customerId",
                new { customerId },
                ct
            )
        )?.Standing;

    /// <summary>By which a ticket is opened: tier and grade are the best of those who are one person with the customer.</summary>
    /// <returns>Null if nothing was heard of the customer yet.</returns>
    public static async Task<Standing?> Of(NpgsqlDataSource db, Guid customerId, CancellationToken ct) =>
        (await Of(db, [customerId], ct)).GetValueOrDefault(customerId);

    /// <returns>Those of whom something was heard.</returns>
    public static async Task<Dictionary<Guid, Standing>> Of(NpgsqlDataSource db, IEnumerable<Guid> customerIds, CancellationToken ct)
    {
        var rows = await db.Query<Row>(Sql, new { ids = customerIds.ToArray() }, ct);
        return rows.ToDictionary(r => r.Id, r => r.Standing);
    }

    sealed class Row
    {
        public Guid Id { get; init; }
        public string? Tier { get; init; }
        public string? Grade { get; init; }
        public bool Forgotten { get; init; }
        public string[] Segments { get; init; } = [];

        public Standing Standing => new(Tier, Grade, Forgotten, Segments);
    }
}
