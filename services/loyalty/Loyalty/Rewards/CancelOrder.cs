using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>
/// Takes an order back, with all that it took. A reservation by whoever may reserve; a confirmed order only by whoever manages rewards, and
/// only until it is fulfilled.
/// </summary>
/// <param name="ConfirmedToo">Whether the caller may cancel what is confirmed.</param>
public sealed record CancelOrder(bool ConfirmedToo)
{
    public IRewardOrderEvent[] Decide(RewardOrder order, DateTimeOffset now) =>
        order switch
        {
            _ when order.HasLapsed(now) => throw new RuleViolationException(
                "reservation-lapsed",
                $"It was reserved until {order.Reserved!.LapsesAt:O}, and everything came back then."
            ),
            { Status: OrderStatus.Cancelled } => [],
            { Status: OrderStatus.Fulfilled } => throw new RuleViolationException(
                "order-fulfilled",
                "What was handed over or used is not taken back."
            ),
            { Status: OrderStatus.Confirmed } when !ConfirmedToo => throw new RuleViolationException(
                "order-confirmed",
                "The order is confirmed: only who manages rewards takes it back."
            ),
            { Reserved: { } of } => [new RewardCancelled(of.CustomerId, of.Reward, of.Points, now)],
            _ => [],
        };

    public static void Map(CrmService room)
    {
        Add("cancel", "CancelOrder", "Cancel a reservation", "loyalty.rewards.reserve", new(ConfirmedToo: false))
            .Refuses("reservation-lapsed", "order-confirmed", "order-fulfilled", "books-closed");
        Add("revoke", "RevokeOrder", "Take a confirmed order back", "loyalty.rewards.manage", new(ConfirmedToo: true))
            .Refuses("reservation-lapsed", "order-fulfilled", "books-closed");

        RouteHandlerBuilder Add(string verb, string name, string summary, string permission, CancelOrder command) =>
            room.MapPost(
                    $"orders/{{id:guid}}/{verb}",
                    summary,
                    permission,
                    async (Guid id, Request request, EventStore store, LoyaltyRules rules, CancellationToken ct) =>
                    {
                        var of = (await store.Read(RewardOrder.Of(id), ct)).State.Known(id).Reserved!;
                        var done = await store.Write(
                            request,
                            GiveBack.Of(new(id, of.RewardId, of.CustomerId), order => command.Decide(order, request.Now), rules)
                        );
                        RewardMetrics.Ended("cancelled", done.Events.Count);
                        return request.Done(done);
                    }
                )
                .WithName(name);
    }
}
