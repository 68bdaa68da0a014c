using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>
/// A code is used, once. Told again with the same reference it is the same use; with another one it is refused. The code comes in the body:
/// URLs are logged.
/// </summary>
/// <param name="Code">The code, in upper or lower case.</param>
/// <param name="Reference">What it is used for: the till's number of the receipt or the order.</param>
public sealed record UseCoupon(
    [property: Required, StringLength(40)] string Code,
    [property:
        Required,
        RegularExpression(
            "^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$",
            ErrorMessage = "Reference is a number or code: letters, digits and . _ : -, at most 64."
        )
    ]
        string Reference
)
{
    public IRewardOrderEvent[] Decide(RewardOrder order, DateTimeOffset now) =>
        order switch
        {
            { UsedFor: { } reference } => reference == Reference
                ? []
                : throw new RuleViolationException("coupon-used", "This code was used already.", "code"),
            { Status: OrderStatus.Cancelled } => throw new RuleViolationException(
                "coupon-cancelled",
                "The order of this code was taken back.",
                "code"
            ),
            { Coupon: { } coupon } when now < coupon.ValidUntil =>
            [
                new CouponUsed(order.Reserved!.CustomerId, order.Reserved.Reward, Reference, now),
            ],
            _ => throw new RuleViolationException("coupon-expired", $"This code could be used until {order.Coupon?.ValidUntil:O}.", "code"),
        };

    public static void Map(CrmService room) =>
        room.MapPost(
                "coupons/use",
                "Use a code",
                "loyalty.rewards.reserve",
                async (UseCoupon command, Request request, EventStore store, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    var done = await RewardMetrics.Used(async () =>
                    {
                        var order = await Find(command.Code, db, ct);
                        return await store.Write(request, RewardOrder.Of(order), o => command.Decide(o, request.Now));
                    });
                    return request.Done(done);
                }
            )
            .Refuses("coupon-used", "coupon-cancelled", "coupon-expired", "coupon-mistyped", "coupon-unknown");

    static async Task<Guid> Find(string typed, NpgsqlDataSource db, CancellationToken ct)
    {
        var code =
            CouponCode.Read(typed)
            ?? throw new RuleViolationException(
                "coupon-mistyped",
                "No code reads like this: a character is wrong, missing or in the wrong place.",
                "code"
            );
        return await db.QuerySingleOrDefault<Guid?>("select order_id from reward_order where coupon_code = @code", new { code }, ct)
            ?? throw new RuleViolationException("coupon-unknown", "No such code was issued.", "code");
    }
}
