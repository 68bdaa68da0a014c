namespace CrmPlatform.Loyalty.Rewards;

/// <summary>One row per order, written with the facts themselves: a code can be used the moment it was issued.</summary>
public sealed class OrderView : IProjection
{
    public string Name => "reward-order";

    public string Ddl =>
        """
            create table if not exists reward_order (
                order_id uuid primary key, customer_id uuid not null, reward_id uuid not null, reward text not null,
                kind text not null, tier text not null, points bigint not null,
                status text not null, reserved_at timestamptz not null, lapses_at timestamptz not null,
                confirmed_at timestamptz, ended_at timestamptz,
                coupon_code text unique, coupon_valid_until timestamptz, coupon_used_for text, version bigint not null);
            create index if not exists reward_order_due on reward_order (lapses_at) where status = 'Reserved';
            create index if not exists reward_order_of_customer on reward_order (customer_id, order_id);
            create index if not exists reward_order_of_reward on reward_order (reward_id, status);
            """;

    public void Register(EventHandlers on) =>
        on.On<RewardReserved>(
                (o, e, sql) =>
                    sql.Add(
                        """
                        insert into reward_order
                            (order_id, customer_id, reward_id, reward, kind, tier, points, status, reserved_at, lapses_at, version)
                        values ($1, $2, $3, $4, $5, $6, $7, 'Reserved', $8, $9, $10)
                        """,
                        e.StreamId,
                        o.CustomerId,
                        o.RewardId,
                        o.Reward,
                        o.Kind,
                        o.Tier,
                        o.Points,
                        o.OccurredAt,
                        o.LapsesAt,
                        e.Version
                    )
            )
            .On<RewardConfirmed>(
                (o, e, sql) =>
                    sql.Add(
                        """
                        update reward_order set status = 'Confirmed', confirmed_at = $2,
                            coupon_code = $3, coupon_valid_until = $4, version = $5
                        where order_id = $1
                        """,
                        e.StreamId,
                        o.OccurredAt,
                        o.Coupon?.Code,
                        o.Coupon?.ValidUntil,
                        e.Version
                    )
            )
            .On<RewardFulfilled>((o, e, sql) => Ended(OrderStatus.Fulfilled, o.OccurredAt, e, sql))
            .On<RewardCancelled>((o, e, sql) => Ended(OrderStatus.Cancelled, o.OccurredAt, e, sql))
            .On<ReservationLapsed>((o, e, sql) => Ended(OrderStatus.Lapsed, o.OccurredAt, e, sql))
            .On<CouponUsed>((o, e, sql) => Ended(OrderStatus.Fulfilled, o.OccurredAt, e, sql, o.Reference));

    static void Ended(OrderStatus status, DateTimeOffset at, RecordedEvent e, SqlBatch sql, string? usedFor = null) =>
        sql.Add(
            """
            update reward_order set status = $2, ended_at = $3, coupon_used_for = $4, version = $5 where order_id = $1
            """,
            e.StreamId,
            status,
            at,
            usedFor,
            e.Version
        );
}
