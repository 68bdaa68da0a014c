namespace CrmPlatform.Loyalty.Rewards;

/// <summary>The goods were handed over, the gift was sent. A code is fulfilled by its use.</summary>
public static class FulfilOrder
{
    public static IRewardOrderEvent[] Decide(RewardOrder order, DateTimeOffset now) =>
        order switch
        {
            { Status: OrderStatus.Fulfilled } => [],
            { Status: OrderStatus.Confirmed, Coupon: not null } => throw new RuleViolationException(
                "coupon-order",
                "What a code stands for is handed over when the code is used."
            ),
            { Status: OrderStatus.Confirmed } => [new RewardFulfilled(now)],
            _ => throw new RuleViolationException("order-not-confirmed", "Only a confirmed order is fulfilled."),
        };

    public static void Map(CrmService room) =>
        room.MapPost(
                "orders/{id:guid}/fulfil",
                "Note that the goods were handed over",
                "loyalty.rewards.manage",
                async (Guid id, Request request, EventStore store) =>
                {
                    var done = await store.Write(request, RewardOrder.Of(id), order => Decide(order.Known(id), request.Now));
                    RewardMetrics.Ended("fulfilled", done.Events.Count);
                    return request.Done(done);
                }
            )
            .Refuses("coupon-order", "order-not-confirmed");
}
