namespace CrmPlatform.Loyalty.Measures;

/// <summary>The sums behind all measures, of a cohort or of everybody.</summary>
public sealed class Figures
{
    /// <summary>The month in which its members joined; null: everybody.</summary>
    public DateOnly? Cohort { get; init; }
    public long Members { get; init; }
    public long Days { get; init; }
    public decimal MedianDays { get; init; }
    public long Middle { get; init; }
    public long Active { get; init; }
    public long Referrals { get; init; }
    public long Buyers { get; init; }
    public long RepeatBuyers { get; init; }
    public long Purchases { get; init; }
    public decimal Revenue { get; init; }
    public decimal RepeatRevenue { get; init; }
    public long Issued { get; init; }
    public long Redeemed { get; init; }
    public long Expired { get; init; }

    /// <summary>Came from others less what went to others: 0 for everybody.</summary>
    public long Transferred { get; init; }
    public long Liability { get; init; }

    /// <summary>The sum of a set's amounts.</summary>
    public decimal Of(string set) =>
        set switch
        {
            "members" => Members,
            "days" => Days,
            "middle" => Middle,
            "middle-days" => MedianDays * Middle,
            "active" => Active,
            "referrals" => Referrals,
            "buyers" => Buyers,
            "repeat-buyers" => RepeatBuyers,
            "purchases" => Purchases,
            "revenue" => Revenue,
            "repeat-revenue" => RepeatRevenue,
            "issued" => Issued,
            "redeemed" => Redeemed,
            "expired" => Expired,
            "liability" => Liability,
            _ => throw new ArgumentException($"no set is named '{set}'", nameof(set)),
        };

    public static decimal? Share(decimal numerator, decimal denominator) =>
        denominator == 0 ? null : Math.Round(numerator / denominator, 6);

    /// <summary>One pass over each table, folded per member and then per cohort; the first row is everybody.</summary>
    public const string Sql = $"""
        {AsOf.Tables}
        , trade as (
            select customer_id, count(*) as purchases, sum(kept) as revenue, sum(kept) filter (where nth > 1) as repeat_revenue
            from bought group by customer_id),
        ledger as (
            select customer_id, sum(points) filter (where kind in ({Move.Issuing})) as issued,
                -sum(points) filter (where kind in ('redeemed', 'cancelled')) as redeemed,
                -sum(points) filter (where kind = 'expired') as expired,
                sum(points) filter (where kind in ('received', 'sent')) as transferred, sum(points) as balance
            from measure_move where occurred_at <= @asOf group by customer_id),
        lapsed as (select customer_id, sum(points) as points from lots where gone group by customer_id),
        awake as (select distinct customer_id from measure_act where occurred_at > @activeAfter and occurred_at <= @asOf),
        referring as (
            select customer_id, count(*) as n from measure_act where kind = 'action referral' and occurred_at <= @asOf
            group by customer_id)
        select cohort, count(*) as members, coalesce(sum(days), 0)::bigint as days,
            coalesce(percentile_cont(0.5) within group (order by days), 0)::numeric as median_days,
            (case when count(*) = 0 then 0 else 2 - count(*) % 2 end)::bigint as middle,
            count(awake.customer_id) as active, coalesce(sum(referring.n), 0)::bigint as referrals,
            count(trade.customer_id) as buyers, count(*) filter (where trade.purchases > 1) as repeat_buyers,
            coalesce(sum(trade.purchases), 0)::bigint as purchases,
            coalesce(sum(trade.revenue), 0) as revenue, coalesce(sum(trade.repeat_revenue), 0) as repeat_revenue,
            coalesce(sum(ledger.issued), 0)::bigint as issued, coalesce(sum(ledger.redeemed), 0)::bigint as redeemed,
            coalesce(sum(ledger.transferred), 0)::bigint as transferred,
            (coalesce(sum(ledger.expired), 0) + coalesce(sum(lapsed.points), 0))::bigint as expired,
            (coalesce(sum(ledger.balance), 0) - coalesce(sum(lapsed.points), 0))::bigint as liability
        from members
        left join trade using (customer_id) left join ledger using (customer_id) left join lapsed using (customer_id)
        left join awake using (customer_id) left join referring using (customer_id)
        group by grouping sets ((), (cohort)) order by grouping(cohort) desc, cohort
        """;
}
