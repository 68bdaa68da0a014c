using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Activities;
using CrmPlatform.Loyalty.Care;
using CrmPlatform.Loyalty.Points;
using CrmPlatform.Loyalty.Rewards;

namespace CrmPlatform.Loyalty;

/// <summary>What is published of orders for rewards.</summary>
public static partial class LoyaltyFeed
{
    static OutgoingFact? Translate(Guid order, IRewardOrderEvent fact) =>
        fact switch
        {
            RewardReserved e => new(
                e.CustomerId,
                new Contracts.RewardReserved(
                    CustomerId: e.CustomerId,
                    OrderId: order,
                    Reward: e.Reward,
                    Kind: Word(e.Kind),
                    Tier: e.Tier,
                    Points: e.Points,
                    LapsesAt: e.LapsesAt,
                    OccurredAt: e.OccurredAt
                ),
                e.OccurredAt
            ),
            RewardConfirmed e => new(
                e.CustomerId,
                new Contracts.RewardConfirmed(e.CustomerId, order, e.Reward, e.Points, e.Coupon?.ValidUntil, e.OccurredAt),
                e.OccurredAt
            ),
            RewardCancelled e => new(
                e.CustomerId,
                new Contracts.RewardCancelled(e.CustomerId, order, e.Reward, e.Points, "cancelled", e.OccurredAt),
                e.OccurredAt
            ),
            ReservationLapsed e => new(
                e.CustomerId,
                new Contracts.RewardCancelled(e.CustomerId, order, e.Reward, e.Points, "lapsed", e.OccurredAt),
                e.OccurredAt
            ),
            CouponUsed e => new(
                e.CustomerId,
                new Contracts.CouponUsed(e.CustomerId, order, e.Reward, e.Reference, e.OccurredAt),
                e.OccurredAt
            ),
            _ => null,
        };

    static string Word(RewardKind kind) => kind.ToString().ToLowerInvariant();
}
