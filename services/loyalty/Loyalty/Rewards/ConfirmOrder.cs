namespace CrmPlatform.Loyalty.Rewards;

/// <summary>The member takes what was reserved. For coupons, discounts and trials a code is issued, once.</summary>
/// <param name="NewCode">Drawn before: the decision may run twice and must say the same.</param>
public sealed record ConfirmOrder(string NewCode)
{
    public IRewardOrderEvent[] Decide(RewardOrder order, DateTimeOffset now) =>
        order switch
        {
            _ when order.HasLapsed(now) => throw new RuleViolationException(
                "reservation-lapsed",
                $"It was reserved until {order.Reserved!.LapsesAt:O}."
            ),
            { Status: OrderStatus.Cancelled } => throw new RuleViolationException("order-cancelled", "The order was cancelled."),
            { Status: OrderStatus.Reserved, Reserved: { } of } =>
            [
                new RewardConfirmed(
                    of.CustomerId,
                    of.Reward,
                    of.Points,
                    of.ValidDays is { } days ? new(NewCode, now.AddDays(days)) : null,
                    now
                ),
            ],
            _ => [],
        };

    public static void Map(CrmService room) =>
        room.MapPost(
                "orders/{id:guid}/confirm",
                "Confirm a reservation",
                "loyalty.rewards.reserve",
                async (Guid id, Request request, EventStore store) =>
                {
                    var command = new ConfirmOrder(CouponCode.New());
                    var done = await store.Write(request, RewardOrder.Of(id), order => command.Decide(order.Known(id), request.Now));
                    RewardMetrics.Ended("confirmed", done.Events.Count);
                    return request.Done(done);
                }
            )
            .Refuses("reservation-lapsed", "order-cancelled");
}
