namespace CrmPlatform.Loyalty.Measures;

/// <summary>
/// Named sets of facts with an amount each, as of an instant: a number is the sum of a set's amounts, so the set is its drill-down. A row
/// that is <c>due</c> is what time alone has done and nobody has written down yet; it names the fact that made the lot.
/// </summary>
static class Sets
{
    public static readonly IReadOnlyDictionary<string, string> Sql = new Dictionary<string, string>
    {
        ["members"] = Row("members", "1", at: "joined_at"),
        ["days"] = Row("members", "days", at: "joined_at"),
        ["middle"] = Row("middle", "1", at: "joined_at"),
        ["middle-days"] = Row("middle", "days", at: "joined_at"),
        ["active"] = Row("acts where last = 1", "1", stream: "stream_id"),
        ["referrals"] = Row(
            "measure_act where kind = 'action referral' and occurred_at <= @asOf and customer_id in (select customer_id from members)",
            "1"
        ),
        ["buyers"] = Row("bought where nth = 1", "1"),
        ["repeat-buyers"] = Row("bought where nth = 2", "1"),
        ["purchases"] = Row("bought", "1"),
        ["revenue"] = $"{Row("bought", "net")} union all {Row("returned", "-net")}",
        ["repeat-revenue"] = $"{Row("bought where nth > 1", "net")} union all {Row("returned where nth > 1", "-net")}",
        ["issued"] = Row($"moves where kind in ({Move.Issuing})", "points"),
        ["redeemed"] = Row("moves where kind in ('redeemed', 'cancelled')", "-points"),
        ["expired"] =
            $"{Row("moves where kind = 'expired'", "-points")} union all {Row("lots where gone", "points", due: true, at: "expires_at")}",
    };

    /// <summary>What is owed, fact by fact, each with its bucket.</summary>
    public static string Owed(Buckets by)
    {
        var joins = by.Joins("owed.customer_id");
        return $"""
            select * from (
                select owed.seq, false as due, owed.customer_id as stream_id, owed.customer_id, owed.event_id, owed.version,
                    owed.occurred_at, owed.points as amount, {by.OfLot} as bucket
                from lots l join measure_move owed on owed.lot_id = l.lot_id and owed.occurred_at <= @asOf {joins}
                where not l.gone
                union all
                select owed.seq, true, owed.customer_id, owed.customer_id, owed.event_id, owed.version,
                    owed.active_from, -owed.repaid, {by.OfLot}
                from lots owed join lots l on l.lot_id = owed.lot_id {joins} where owed.repaid <> 0 and not owed.gone
                union all
                select owed.seq, false, owed.customer_id, owed.customer_id, owed.event_id, owed.version,
                    owed.occurred_at, owed.points, {by.OfRest}
                from moves owed {joins}
                where owed.lot_id is null or not exists (
                    select from measure_lot x where x.lot_id = owed.lot_id and x.occurred_at <= @asOf)
                union all
                select owed.seq, true, owed.customer_id, owed.customer_id, owed.event_id, owed.version,
                    owed.active_from, owed.repaid, {by.OfRest}
                from lots owed {joins} where owed.repaid <> 0
            ) owed where @bucket::text is null or bucket = @bucket
            """;
    }

    static string Row(string from, string amount, bool due = false, string at = "occurred_at", string stream = "customer_id") =>
        $"""
            select seq, {(due ? "true" : "false")} as due, {stream} as stream_id, customer_id, event_id, version,
                {at} as occurred_at, {amount} as amount
            from {from}
            """;
}

/// <summary>By what the points that are owed are divided.</summary>
/// <param name="OfLot">SQL: the bucket of a lot <c>l</c>.</param>
/// <param name="OfRest">SQL: the bucket of what is in no lot.</param>
/// <param name="Join">SQL: what the buckets are said of besides.</param>
sealed record Buckets(string Name, string OfLot, string OfRest, string? Join = null)
{
    // What was taken from a lot before it was filled, by dates that came late, is a debt too.
    public static readonly IReadOnlyList<Buckets> All =
    [
        new("state", "case when l.points < 0 then 'debt' when l.pending then 'pending' else 'available' end", "'debt'"),
        new(
            "age",
            """
            case when l.points < 0 then 'debt' when l.earned_at > @months3 then '0-3' when l.earned_at > @months6 then '3-6'
                when l.earned_at > @months12 then '6-12' when l.earned_at > @months24 then '12-24' else '24+' end
            """,
            "'debt'"
        ),
        new(
            "expiry",
            """
            case when l.points < 0 then 'debt' when l.awaits then 'waiting' when l.expires_at >= @never then 'never'
                else to_char((l.expires_at - interval '1 microsecond') at time zone @zone, 'YYYY-MM') end
            """,
            "'debt'"
        ),
        new("cohort", "to_char(a.cohort, 'YYYY-MM')", "to_char(a.cohort, 'YYYY-MM')", "members a"),
        new("tier", "a.tier", "a.tier", "tiers a"),
    ];

    /// <exception cref="BadRequestException">None of them.</exception>
    public static Buckets Named(string? name) =>
        name is null
            ? All[0]
            : All.FirstOrDefault(b => b.Name == name)
                ?? throw new BadRequestException("by", $"one of {string.Join(", ", All.Select(b => b.Name))}");

    public string Joins(string customer) => Join is null ? "" : $"join {Join} on a.customer_id = {customer}";
}
