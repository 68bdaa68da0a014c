namespace CrmPlatform.Loyalty.Rewards;

/// <summary>The code of an order.</summary>
/// <param name="OrderId">Id of the reward order.</param>
/// <param name="Reward">Code of the reward.</param>
/// <param name="Code">What it is used with, once.</param>
/// <param name="ValidUntil">It can be used until just before here.</param>
/// <param name="UsedFor">The till's number of what it was used for; null while it was not.</param>
public sealed record CouponShown(Guid OrderId, string Reward, string Code, DateTimeOffset ValidUntil, string? UsedFor);

/// <summary>The code of an order. Whoever reads it can use it, so it is for those who may, and nowhere else to be seen.</summary>
public static class GetCoupon
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "orders/{id:guid}/coupon",
                "The code of an order",
                "loyalty.rewards.reserve",
                async (Guid id, EventStore store, HttpResponse response, CancellationToken ct) =>
                {
                    if (
                        (await store.Read(RewardOrder.Of(id), ct)).State is not { Coupon: { } coupon, Reserved: { } of } order
                        || order.Status == OrderStatus.Cancelled
                    )
                        return (IResult)Answer.NotFound("coupon of order", id);
                    response.Headers.CacheControl = "no-store";
                    return TypedResults.Ok(new CouponShown(id, of.Reward, coupon.Code, coupon.ValidUntil, order.UsedFor));
                }
            )
            .Produces<CouponShown>();
}
