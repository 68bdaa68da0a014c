using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Activities;
using CrmPlatform.Loyalty.Care;
using CrmPlatform.Loyalty.Points;
using CrmPlatform.Loyalty.Rewards;

namespace CrmPlatform.Loyalty;

/// <summary>
/// What the others hear of this room. An account's stream is its customer's id; orders, greetings and activities name the customer in their
/// facts.
/// </summary>
public static class LoyaltyFeed
{
    public static OutgoingFact? Translate(RecordedEvent recorded)
    {
        var customer = recorded.StreamId;
        return recorded.Data switch
        {
            AccountOpened e => Say(new Contracts.TierChanged(customer, null, e.Tier, 0, e.OccurredAt, "joined"), e.OccurredAt),
            PointsEarned { PurchaseId: { } purchase } e => Say(
                new Contracts.PointsEarned(
                    customer,
                    e.LotId,
                    e.Points,
                    purchase,
                    e.RuleVersion,
                    e.ExpiresAt,
                    e.Balance,
                    e.OccurredAt,
                    e.Rule,
                    e.ActiveFrom,
                    e.Awaits
                ),
                e.OccurredAt
            ),
            PointsEarned e => Say(
                new Contracts.PointsAwarded(
                    customer,
                    e.LotId,
                    e.Points,
                    e.Rule,
                    e.RuleVersion,
                    e.Reference,
                    e.ActiveFrom,
                    e.ExpiresAt,
                    e.Balance,
                    e.OccurredAt
                ),
                e.OccurredAt
            ),
            PointsImported e => Say(
                new Contracts.PointsAwarded(
                    customer,
                    e.LotId,
                    e.Points,
                    Lot.Imported,
                    0,
                    NameId.For(Lot.Imported, e.Reference),
                    e.ActiveFrom,
                    e.ExpiresAt,
                    e.Balance,
                    e.OccurredAt
                ),
                e.OccurredAt
            ),
            PointsUnlocked e => Say(
                new Contracts.PointsUnlocked(customer, e.LotId, e.Points, e.ExpiresAt, e.Balance, e.OccurredAt),
                e.OccurredAt
            ),
            PointsAdjusted e => Say(
                new Contracts.PointsAdjusted(customer, e.AdjustmentId, e.Points, e.Reason, e.Balance, e.OccurredAt),
                e.OccurredAt
            ),
            PointsRedeemed e => Say(
                new Contracts.PointsRedeemed(customer, e.RedemptionId, e.Points, e.Purpose, e.Balance, e.OccurredAt),
                e.OccurredAt
            ),
            RedemptionCancelled e => Say(
                new Contracts.RedemptionCancelled(customer, e.RedemptionId, e.Points, e.Balance, e.OccurredAt),
                e.OccurredAt
            ),
            PointsTransferredOut e => Say(
                new Contracts.PointsTransferred(customer, e.TransferId, -e.Points, e.Balance, e.OccurredAt),
                e.OccurredAt
            ),
            PointsTransferredIn e => Say(
                new Contracts.PointsTransferred(customer, e.TransferId, e.Points, e.Balance, e.OccurredAt),
                e.OccurredAt
            ),
            PointsExpired e => Say(new Contracts.PointsExpired(customer, e.LotId, e.Points, e.Balance, e.OccurredAt), e.OccurredAt),
            // Nothing was left to take: nobody's balance changed.
            PointsReversed { Points: 0 } => null,
            PointsReversed e => Say(
                new Contracts.PointsReversed(customer, e.ReturnId, e.PurchaseId, e.Points, e.Balance, e.OccurredAt),
                e.OccurredAt
            ),
            TierChanged e => Say(
                new Contracts.TierChanged(
                    customer,
                    e.From,
                    e.To,
                    e.QualifyingPoints,
                    e.OccurredAt,
                    e.Reason ?? TierReasons.Qualified,
                    e.ExpiresAt
                ),
                e.OccurredAt
            ),
            TierAssigned e when e.From != e.To => Say(
                new Contracts.TierChanged(customer, e.From, e.To, e.QualifyingPoints, e.OccurredAt, TierReasons.Manual, e.Until),
                e.OccurredAt
            ),
            HolderForgotten e => Say(new Contracts.PersonalDataErased(customer, 1, e.OccurredAt), e.OccurredAt),
            IRewardOrderEvent e => Translate(recorded.StreamId, e),
            // Who was forgotten before it was told is not greeted any more.
            CareCameDue { Personal.Value: { } of } e => SayOf(
                e.CustomerId,
                new Contracts.CareDue(
                    e.CustomerId,
                    e.CareId,
                    e.PublishedAs,
                    of.Year,
                    e.Channel,
                    e.Content,
                    e.Tier,
                    e.Language,
                    e.Points > 0 ? e.Points : null,
                    of.DueAt
                ),
                of.DueAt
            ),
            MemberJoined e => SayOf(
                e.CustomerId,
                new Contracts.ActivityJoined(e.CustomerId, recorded.StreamId, FromWaitingList: false, e.StartsAt, e.OccurredAt),
                e.OccurredAt
            ),
            MemberMovedUp e => SayOf(
                e.CustomerId,
                new Contracts.ActivityJoined(e.CustomerId, recorded.StreamId, FromWaitingList: true, e.StartsAt, e.OccurredAt),
                e.OccurredAt
            ),
            MemberAttended e => SayOf(
                e.CustomerId,
                new Contracts.ActivityAttended(e.CustomerId, recorded.StreamId, e.Points > 0 ? e.Points : null, e.OccurredAt),
                e.OccurredAt
            ),
            _ => null,
        };

        OutgoingFact Say(object contract, DateTimeOffset at) => new(customer, contract, at);

        static OutgoingFact SayOf(Guid member, object contract, DateTimeOffset at) => new(member, contract, at);
    }

    static OutgoingFact? Translate(Guid order, IRewardOrderEvent fact) =>
        fact switch
        {
            RewardReserved e => new(
                e.CustomerId,
                new Contracts.RewardReserved(e.CustomerId, order, e.Reward, Word(e.Kind), e.Tier, e.Points, e.LapsesAt, e.OccurredAt),
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
