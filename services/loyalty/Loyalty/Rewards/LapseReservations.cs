using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>
/// Ends the reservations that nobody confirmed, dated at the instant until which they were reserved. Who reserves does not wait for it:
/// what is due of the same reward or member ends first, so the clock's lateness keeps nothing from anybody.
/// </summary>
public sealed class LapseReservations(RewardRules rules, LoyaltyRules ledger) : IDueWork
{
    const string Sql = "select order_id, reward_id, customer_id from reward_order where status = 'Reserved' and lapses_at <= @now";

    public string Name => "lapse-reservations";
    public TimeSpan Every => rules.LapseEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from order in await connection.QueryAsync<OrderStreams>(
            new CommandDefinition($"{Sql} order by lapses_at", new { now }, cancellationToken: ct)
        )
        select Lapse(order, now);

    public static IRewardOrderEvent[] Decide(RewardOrder order, DateTimeOffset now) =>
        order is { Status: OrderStatus.Reserved, Reserved: { } reserved } && order.HasLapsed(now)
            ? [new ReservationLapsed(reserved.CustomerId, reserved.Reward, reserved.Points, reserved.LapsesAt)]
            : [];

    internal async Task For(ReserveReward command, Request request, NpgsqlDataSource db, EventStore store)
    {
        var now = request.Now;
        await using var connection = await db.OpenConnectionAsync(request.Cancelled);
        var due = await connection.QueryAsync<OrderStreams>(
            new CommandDefinition(
                $"{Sql} and (reward_id = @RewardId or customer_id = @CustomerId) order by lapses_at limit 100",
                new
                {
                    now,
                    command.RewardId,
                    command.CustomerId,
                },
                cancellationToken: request.Cancelled
            )
        );
        await store.Execute(request, [.. due.Select(order => Lapse(order, now))]);
    }

    Write Lapse(OrderStreams order, DateTimeOffset now) => GiveBack.Of(order, o => Decide(o, now), ledger);
}
