namespace CrmPlatform.Segmentation.Customers;

/// <summary>The queries of <see cref="Population"/>, and the parts of them that others read with.</summary>
static class PopulationSql
{
    // away: who was judged under which other id, as far as the log had said by @through; what they bought is added up there. The own
    // purchases of everybody else are read in the order of their ids, so that a page ends where it is full: of whom nothing counts takes no
    // place in it.
    public const string Judged = """
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

    public const string OfMany = $"""
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
    public static readonly string OfOne = OfMany.Replace("@customer::uuid is null or ", "", StringComparison.Ordinal);

    // Nor does one that suits a page suit everybody.
    public static readonly string OfAll = OfMany
        .Replace("@customer::uuid is null", "true", StringComparison.Ordinal)
        .Replace("@after::uuid is null", "true", StringComparison.Ordinal)
        .Replace("not @scoredOnly", "true", StringComparison.Ordinal)
        .Replace("order by 1 limit @limit", "", StringComparison.Ordinal);

    public const string Net = "p.purchased_at >= @from and p.purchased_at < @until and not coalesce(r.wholly, false)";

    const string Measured = $"""
        count(*) filter (where {Net}) as orders,
            coalesce(sum(p.net - coalesce(r.net, 0)) filter (where {Net}),
                0)::bigint as revenue,
            max(p.purchased_at) filter (where {Net}) as last_order_at,
            bool_or(p.purchased_at >= @until) as later, bool_or(p.purchased_at < @until) as bought
        """;

    public const string Counts = "p.seq <= @through and coalesce(p.retracted > @through, true)";
}
