namespace CrmPlatform.Loyalty.Measures;

/// <summary>
/// How things stood at an instant of business time, as common table expressions that every question about it shares. What a question does
/// not name is not computed.
/// </summary>
static class AsOf
{
    /// <summary>
    /// Lots are folded as an account folds its facts: those that had happened by then, in the order of the log, and then what time alone
    /// had done: waiting points are unlocked and repay a debt first, points past their instant are gone. Who had not joined yet is no
    /// member, and nothing of theirs counts. The tier is the one that was written down last: what time does to tiers the clock writes down,
    /// dated at its instant.
    /// </summary>
    public const string Tables = """
        with members as not materialized (
            select customer_id, seq, event_id, version, joined_at, cohort, @day::date - joined_on as days
            from measure_member where joined_at <= @asOf),
        bought as not materialized (
            select p.customer_id, p.purchase_id, p.seq, p.event_id, p.version, p.occurred_at, p.net,
                p.net - coalesce(r.refunded, 0) as kept,
                row_number() over (partition by p.customer_id order by p.occurred_at, p.seq) as nth
            from measure_purchase p join members using (customer_id)
            left join (
                select customer_id, purchase_id, sum(net) as refunded from measure_return where occurred_at <= @asOf
                group by customer_id, purchase_id) r using (customer_id, purchase_id)
            where p.occurred_at <= @asOf and p.net > coalesce(r.refunded, 0)),
        returned as not materialized (
            select r.customer_id, r.seq, r.event_id, r.version, r.occurred_at, r.net, b.nth
            from measure_return r join bought b using (customer_id, purchase_id)
            where r.occurred_at <= @asOf),
        acts as not materialized (
            select a.*, row_number() over (partition by a.customer_id order by a.occurred_at desc, a.seq desc) as last
            from measure_act a join members using (customer_id) where a.occurred_at > @activeAfter and a.occurred_at <= @asOf),
        middle as (
            select * from (
                select m.*, row_number() over (order by days, seq) as place, count(*) over () as n from members m) ranked
            where place in ((n + 1) / 2, n / 2 + 1)),
        moves as not materialized (
            select m.* from measure_move m join members using (customer_id) where m.occurred_at <= @asOf),
        owing as (
            select customer_id, -sum(points)::bigint as debt from measure_move where lot_id is null and occurred_at <= @asOf
            group by customer_id),
        -- Unlocked by time alone, and nobody has written it down yet. What was wholly returned before waits for nothing.
        unlocking as (
            select l.lot_id, l.customer_id, l.active_from, l.earned_at from measure_lot l
            where l.active_from <= @asOf and not l.awaits and l.occurred_at <= @asOf
                and not exists (select from measure_unlock u where u.lot_id = l.lot_id and u.occurred_at <= @asOf)
                and (not exists (
                        select from measure_claim c where c.lot_id = l.lot_id and c.occurred_at <= @asOf and c.refunded >= l.net)
                    or (select sum(m.points) from measure_move m where m.lot_id = l.lot_id and m.occurred_at <= @asOf) <> 0)),
        repaying as (
            select lot_id, customer_id, case
                when debt < 0 then case when row_number() over queue = 1 then debt else 0 end
                else greatest(0, least(remaining, debt - coalesce(
                    sum(remaining) over (queue rows between unbounded preceding and 1 preceding), 0)))::bigint
                end as repaid
            from (
                select u.*, o.debt,
                    (select sum(m.points)::bigint from measure_move m where m.lot_id = u.lot_id and m.occurred_at <= @asOf) as remaining
                from unlocking u join owing o using (customer_id) where o.debt <> 0) u
            window queue as (partition by customer_id order by active_from, earned_at, lot_id)),
        spent as not materialized (
            select lot_id, (sum(points) filter (where occurred_at <= @asOf))::bigint as remaining, bool_or(kind = 'cancelled') as refilled
            from measure_move where lot_id is not null group by lot_id),
        standing as not materialized (
            select l.lot_id, l.customer_id, l.seq, l.event_id, l.version, l.earned_at, l.active_from, s.remaining,
                u.lot_id is null and l.awaits as awaits, u.lot_id is null and (l.awaits or l.active_from > @asOf) is true as pending,
                greatest(coalesce(u.expires_at, l.expires_at), case
                    when not l.slides or u.lot_id is null and (l.awaits or l.active_from is not null) then null
                    else (
                        select max(t.expires_at) from measure_touch t
                        where t.customer_id = l.customer_id and t.occurred_at <= @asOf and t.seq > coalesce(u.seq, l.seq)
                            -- Emptied and filled again: activity moved its expiry only while something was in it.
                            and (not s.refilled or (
                                select sum(m.points) from measure_move m
                                where m.lot_id = l.lot_id and m.occurred_at <= @asOf and m.seq < t.seq) <> 0))
                    end) as expires_at
            from measure_lot l join members using (customer_id) join spent s using (lot_id)
            left join measure_unlock u on u.lot_id = l.lot_id and u.occurred_at <= @asOf
            where l.occurred_at <= @asOf and s.remaining <> 0),
        lots as (
            select s.*, coalesce(r.repaid, 0) as repaid, s.remaining - coalesce(r.repaid, 0) as points,
                not s.pending and s.expires_at <= @asOf as gone
            from standing s left join repaying r using (lot_id)),
        -- What is in no lot: debts, and what a return dated before a lot was made took from it.
        -- The lots' points and this add up to the balance.
        loose as (
            select customer_id, sum(points)::bigint as points from (
                select customer_id, -debt as points from owing
                union all select customer_id, repaid from repaying
                union all select m.customer_id, m.points from measure_lot l join measure_move m using (lot_id)
                    where l.occurred_at > @asOf and m.occurred_at <= @asOf
            ) parts join members using (customer_id) group by customer_id),
        -- Who has joined another programme before this one had no tier here yet.
        tiers as (
            select m.customer_id, coalesce(t.tier, @firstTier) as tier from members m
            left join (
                select distinct on (customer_id) customer_id, tier from measure_tier where occurred_at <= @asOf
                order by customer_id, seq desc) t using (customer_id))

        """;
}
