namespace CrmPlatform.Loyalty;

/// <summary>What the others hear of this room. An account's stream is its customer's id; an order's facts name their customer.</summary>
public static class LoyaltyFeed
{
    public static OutgoingFact? Translate(RecordedEvent recorded)
    {
        var customer = recorded.StreamId;
        return recorded.Data switch
        {
            AccountOpened e => Say(new Contracts.TierChanged(customer, null, e.Tier, 0, e.OccurredAt), e.OccurredAt),
            PointsEarned { PurchaseId: { } purchase } e => Say(new Contracts.PointsEarned(customer, e.LotId, e.Points, purchase, e.RuleVersion, e.ExpiresAt, e.Balance, e.OccurredAt, e.Rule, e.ActiveFrom, e.Awaits), e.OccurredAt),
            PointsEarned e => Say(new Contracts.PointsAwarded(customer, e.LotId, e.Points, e.Rule, e.RuleVersion, e.Reference, e.ActiveFrom, e.ExpiresAt, e.Balance, e.OccurredAt), e.OccurredAt),
            PointsUnlocked e => Say(new Contracts.PointsUnlocked(customer, e.LotId, e.Points, e.ExpiresAt, e.Balance, e.OccurredAt), e.OccurredAt),
            PointsAdjusted e => Say(new Contracts.PointsAdjusted(customer, e.AdjustmentId, e.Points, e.Reason, e.Balance, e.OccurredAt), e.OccurredAt),
            PointsRedeemed e => Say(new Contracts.PointsRedeemed(customer, e.RedemptionId, e.Points, e.Purpose, e.Balance, e.OccurredAt), e.OccurredAt),
            RedemptionCancelled e => Say(new Contracts.RedemptionCancelled(customer, e.RedemptionId, e.Points, e.Balance, e.OccurredAt), e.OccurredAt),
            PointsExpired e => Say(new Contracts.PointsExpired(customer, e.LotId, e.Points, e.Balance, e.OccurredAt), e.OccurredAt),
            // Nothing was left to take: nobody's balance changed.
            PointsReversed { Points: 0 } => null,
            PointsReversed e => Say(new Contracts.PointsReversed(customer, e.ReturnId, e.PurchaseId, e.Points, e.Balance, e.OccurredAt), e.OccurredAt),
            TierChanged e => Say(new Contracts.TierChanged(customer, e.From, e.To, e.QualifyingPoints, e.OccurredAt), e.OccurredAt),
            HolderForgotten e => Say(new Contracts.PersonalDataErased(customer, 0, e.OccurredAt), e.OccurredAt),
            IRewardOrderEvent e => Translate(recorded.StreamId, e),
            _ => null,
        };

        OutgoingFact Say(object contract, DateTimeOffset at) => new(customer, contract, at);
    }

    static OutgoingFact? Translate(Guid order, IRewardOrderEvent fact) => fact switch
    {
        RewardReserved e => new(e.CustomerId, new Contracts.RewardReserved(e.CustomerId, order, e.Reward, Word(e.Kind), e.Tier, e.Points, e.LapsesAt, e.OccurredAt), e.OccurredAt),
        RewardConfirmed e => new(e.CustomerId, new Contracts.RewardConfirmed(e.CustomerId, order, e.Reward, e.Points, e.Coupon?.ValidUntil, e.OccurredAt), e.OccurredAt),
        RewardCancelled e => new(e.CustomerId, new Contracts.RewardCancelled(e.CustomerId, order, e.Reward, e.Points, "cancelled", e.OccurredAt), e.OccurredAt),
        ReservationLapsed e => new(e.CustomerId, new Contracts.RewardCancelled(e.CustomerId, order, e.Reward, e.Points, "lapsed", e.OccurredAt), e.OccurredAt),
        CouponUsed e => new(e.CustomerId, new Contracts.CouponUsed(e.CustomerId, order, e.Reward, e.Reference, e.OccurredAt), e.OccurredAt),
        _ => null,
    };

    static string Word(RewardKind kind) => kind.ToString().ToLowerInvariant();
}
