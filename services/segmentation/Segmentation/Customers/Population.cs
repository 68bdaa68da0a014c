using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>A customer as a run sees them: metrics as of the day, and what is said of them at present.</summary>
/// <param name="Orders">Net orders; 0 where everything came back, who is not part of the population.</param>
/// <param name="Later">Bought after the as-of day.</param>
public sealed record Member(
    Guid CustomerId,
    long Orders,
    long Revenue,
    DateTimeOffset? LastOrderAt,
    bool Later,
    bool Bought,
    short? R,
    short? F,
    short? M,
    string? ChineseType,
    string? Segment,
    string? Grade
)
{
    public Metrics Metrics(Business business) => new(business.DayOf(LastOrderAt!.Value), Orders, Revenue);
}

/// <summary>How much the log held when a population was read.</summary>
/// <param name="Groups">How often it had been said that somebody is judged under another id, or alone again.</param>
public sealed record Extent(long Purchases, long Returns, long Groups, long Through)
{
    /// <summary>What a run has counted: the same is the same run.</summary>
    public string Counted => Groups == 0 ? $"{Purchases}+{Returns}" : $"{Purchases}+{Returns}+{Groups}";
}

/// <summary>Reads all customers, set-based, with the metrics that they had at an instant.</summary>
public static class Population
{
    // away: who was judged under which other id, as far as the log had said by @through; what they bought is added up there. The own
    // purchases of everybody else are read in the order of their ids, so that a page ends where it is full: of whom nothing counts takes no
    // place in it.
    internal const string Judged = """
        with near as (
            select @customer::uuid as id
            union select survivor_id from judged_with where customer_id = @customer),
        away as materialized (
            select customer_id, survivor_id from (
                select distinct on (customer_id) customer_id, survivor_id from judged_with
                where seq <= @through and (@customer::uuid is null or customer_id = any(array(
                    select id from near
                    union select j.customer_id from judged_with j where j.survivor_id = any(array(select id from near)))))
                order by customer_id, seq desc) j
            where survivor_id is not null),
        shown as (select coalesce((select survivor_id from away where customer_id = @customer), @customer) as id),
        returned as not materialized (
            select customer_id, purchase_id, sum(net)::bigint as net, bool_or(wholly) as wholly from counted_returns
            where returned_at < @returnsUntil and seq <= @through
                and (@customer::uuid is null or customer_id = any(array(select id from shown union select customer_id from away)))
            group by 1, 2)
        """;

    const string Sql = $"""
        {Judged},
        others as (
            select a.survivor_id as id, {Measured}
            from away a join counted_purchases p using (customer_id) left join returned r using (customer_id, purchase_id)
            where {Counts} and (@customer::uuid is null or a.survivor_id = (select id from shown))
                and (@after::uuid is null or a.survivor_id > @after)
                and not exists (select from customer_scores f where f.customer_id in (p.customer_id, a.survivor_id) and f.forgotten)
            group by 1),
        own as (
            select p.customer_id as id, {Measured}
            from counted_purchases p left join returned r using (customer_id, purchase_id)
            where {Counts} and (@customer::uuid is null or p.customer_id = (select id from shown))
                and (@after::uuid is null or p.customer_id > @after)
                and p.customer_id not in (select customer_id from away)
                and not exists (select from customer_scores f where f.customer_id = p.customer_id and f.forgotten)
            group by 1
            having not @scoredOnly or p.customer_id in (select id from others where orders > 0)
                or count(*) filter (where {Net}) > 0
            order by 1 limit @limit)
        select p.id as customer_id, p.orders, p.revenue, p.last_order_at, p.later, p.bought,
               s.recency as r, s.frequency as f, s.monetary as m, s.chinese_type, s.segment, s.grade
        from (select id, sum(orders)::bigint as orders, sum(revenue)::bigint as revenue, max(last_order_at) as last_order_at,
                     bool_or(later) as later, bool_or(bought) as bought
              from (select * from own union all select * from others) both_
              group by 1 having not @scoredOnly or sum(orders) > 0
              order by 1 limit @limit) p
        left join customer_scores s on s.customer_id = p.id
        order by p.id
        """;

    // A plan that suits any customer and none reads everybody's purchases.
    static readonly string ofOne = Sql.Replace("@customer::uuid is null or ", "", StringComparison.Ordinal);

    // Nor does one that suits a page suit everybody.
    static readonly string ofAll = Sql.Replace("@customer::uuid is null", "true", StringComparison.Ordinal)
        .Replace("@after::uuid is null", "true", StringComparison.Ordinal)
        .Replace("not @scoredOnly", "true", StringComparison.Ordinal)
        .Replace("order by 1 limit @limit", "", StringComparison.Ordinal);

    internal const string Net = "p.purchased_at >= @from and p.purchased_at < @until and not coalesce(r.wholly, false)";

    const string Measured = $"""
        count(*) filter (where {Net}) as orders,
            coalesce(sum(p.net - coalesce(r.net, 0)) filter (where {Net}),
                0)::bigint as revenue,
            max(p.purchased_at) filter (where {Net}) as last_order_at,
            bool_or(p.purchased_at >= @until) as later, bool_or(p.purchased_at < @until) as bought
        """;

    internal const string Counts = "p.seq <= @through and coalesce(p.retracted > @through, true)";

    /// <summary>Before all purchases: the window of those who count all.</summary>
    public static DateTimeOffset Always { get; } = new(1800, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="returnsUntil">Returns before this instant count; later than <paramref name="until"/> in the corrected view.</param>
    /// <param name="through">Only what the log held up to this event; the highest number for everything.</param>
    /// <param name="customer">Only the one under whose id this customer was judged.</param>
    /// <param name="from">Purchases before this instant count for nothing.</param>
    public static Task<List<Member>> Read(
        NpgsqlConnection connection,
        DateTimeOffset until,
        DateTimeOffset returnsUntil,
        long through,
        CancellationToken ct,
        Guid? customer = null,
        Guid? after = null,
        int? limit = null,
        DateTimeOffset? from = null
    ) => Query(connection, customer is null ? Sql : ofOne, until, returnsUntil, through, from, ct, customer, after, limit);

    /// <summary>Everybody. The planner is told until the end of the transaction that reading whole tables is meant.</summary>
    /// <inheritdoc cref="Read"/>
    public static async Task<List<Member>> ReadAll(
        NpgsqlTransaction snapshot,
        DateTimeOffset until,
        DateTimeOffset returnsUntil,
        long through,
        CancellationToken ct,
        DateTimeOffset? from = null
    )
    {
        await snapshot.Connection!.ExecuteAsync("set local enable_seqscan = on; set local work_mem = '64MB'");
        return await Query(snapshot.Connection!, ofAll, until, returnsUntil, through, from, ct);
    }

    /// <summary>
    /// Everybody as of one instant, in pages in the order of their ids. The database holds the answer, on disk where it is large: no
    /// transaction stays open, and the connection is free for other queries between two pages.
    /// </summary>
    /// <inheritdoc cref="Read"/>
    public static async IAsyncEnumerable<List<Member>> Pages(
        NpgsqlConnection connection,
        DateTimeOffset until,
        DateTimeOffset returnsUntil,
        long through,
        int size,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            await connection.ExecuteAsync("set local enable_seqscan = on; set local work_mem = '64MB'");
            await connection.ExecuteAsync(
                Command($"declare everybody no scroll cursor with hold for {ofAll}", until, returnsUntil, through, null, ct)
            );
            await transaction.CommitAsync(ct);
        }
        try
        {
            while (
                (await connection.QueryAsync<Member>(new($"fetch {size} from everybody", cancellationToken: ct))).AsList()
                    is { Count: > 0 } page
            )
                yield return page;
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await connection.ExecuteAsync("close everybody");
        }
    }

    static async Task<List<Member>> Query(
        NpgsqlConnection connection,
        string sql,
        DateTimeOffset until,
        DateTimeOffset returnsUntil,
        long through,
        DateTimeOffset? from,
        CancellationToken ct,
        Guid? customer = null,
        Guid? after = null,
        int? limit = null
    ) => (await connection.QueryAsync<Member>(Command(sql, until, returnsUntil, through, from, ct, customer, after, limit))).AsList();

    static CommandDefinition Command(
        string sql,
        DateTimeOffset until,
        DateTimeOffset returnsUntil,
        long through,
        DateTimeOffset? from,
        CancellationToken ct,
        Guid? customer = null,
        Guid? after = null,
        int? limit = null
    ) =>
        new(
            sql,
            new
            {
                until,
                returnsUntil,
                through,
                customer,
                after,
                limit,
                scoredOnly = limit is not null,
                from = from ?? Always,
            },
            commandTimeout: 600,
            cancellationToken: ct
        );

    public static Task<Extent> Measure(
        NpgsqlConnection connection,
        DateTimeOffset until,
        DateTimeOffset returnsUntil,
        CancellationToken ct
    ) =>
        connection.QuerySingleAsync<Extent>(
            new CommandDefinition(
                """
                select (select count(*) from counted_purchases where purchased_at < @until and retracted is null) as Purchases,
                       (select count(*) from counted_returns where returned_at < @returnsUntil) as Returns,
                       (select count(*) from judged_with) as Groups,
                       greatest((select coalesce(max(greatest(seq, retracted)), 0) from counted_purchases),
                           (select coalesce(max(seq), 0) from counted_returns), (select coalesce(max(seq), 0) from judged_with)) as Through
                """,
                new { until, returnsUntil },
                commandTimeout: 600,
                cancellationToken: ct
            )
        );
}
