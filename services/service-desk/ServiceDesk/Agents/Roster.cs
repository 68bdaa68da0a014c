namespace CrmPlatform.ServiceDesk.Agents;

/// <summary>The agents with what they have, all of one moment.</summary>
/// <param name="Version">How many tickets had been routed then: the version of <see cref="RoutingDesk"/>.</param>
sealed record Roster(long Version, IReadOnlyList<Candidate> Agents)
{
    // Of the tickets in the queue those that wait for the customer take no place.
    const string Sql = """
        select (select coalesce(max(version), 0) from agent_turns) as version, a.subject, a.state, a.until_at as until, a.languages,
            a.categories, a.tiers, a.capacity, o.open, o.load, t.routed_at
        from (select 1) one left join agents a on true left join agent_turns t using (subject)
            cross join lateral (
                select count(*)::int as open, coalesce(sum(
                    case priority when 'urgent' then 8 when 'high' then 4 when 'normal' then 2 else 1 end), 0)::int as load
                from ticket_queue q where q.agent = a.subject and not q.waits) o
        """;

    public static async Task<Roster> Read(NpgsqlDataSource db, CancellationToken ct)
    {
        var rows = await db.Query<Row>(Sql, null, ct);
        return new(
            rows[0].Version,
            [
                .. from r in rows
                where r.Subject is not null
                select new Candidate(
                    Subject: r.Subject!,
                    State: r.State!,
                    Until: r.Until,
                    Languages: r.Languages!,
                    Categories: r.Categories!,
                    Tiers: r.Tiers!,
                    Capacity: r.Capacity,
                    Open: r.Open,
                    Load: r.Load,
                    RoutedAt: r.RoutedAt
                ),
            ]
        );
    }

    sealed class Row
    {
        public long Version { get; init; }
        public string? Subject { get; init; }
        public string? State { get; init; }
        public DateTimeOffset? Until { get; init; }
        public string[]? Languages { get; init; }
        public string[]? Categories { get; init; }
        public string[]? Tiers { get; init; }
        public int Capacity { get; init; }
        public int Open { get; init; }
        public int Load { get; init; }
        public DateTimeOffset? RoutedAt { get; init; }
    }
}
