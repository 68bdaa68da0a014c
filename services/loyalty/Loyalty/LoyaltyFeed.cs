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
public static partial class LoyaltyFeed
{
    public static OutgoingFact? Translate(RecordedEvent recorded)
    {
        var customer = recorded.StreamId;
        return recorded.Data switch
        {
            AccountOpened e => Say(new Contracts.TierChanged(customer, null, e.Tier, 0, e.OccurredAt, "joined"), e.OccurredAt),
            PointsEarned { PurchaseId: { } purchase } e => Say(
                new Contracts.PointsEarned(
                    CustomerId: customer,
                    LotId: e.LotId,
                    Points: e.Points,
                    PurchaseId: purchase,
                    RuleVersion: e.RuleVersion,
                    ExpiresAt: e.ExpiresAt,
                    Balance: e.Balance,
                    OccurredAt: e.OccurredAt,
                    Rule: e.Rule,
                    ActiveFrom: e.ActiveFrom,
                    Awaits: e.Awaits
                ),
                e.OccurredAt
            ),
            PointsEarned e => Say(
                new Contracts.PointsAwarded(
                    CustomerId: customer,
                    LotId: e.LotId,
                    Points: e.Points,
                    Rule: e.Rule,
                    RuleVersion: e.RuleVersion,
                    Reference: e.Reference,
                    ActiveFrom: e.ActiveFrom,
                    ExpiresAt: e.ExpiresAt,
                    Balance: e.Balance,
                    OccurredAt: e.OccurredAt
                ),
                e.OccurredAt
            ),
            PointsImported e => Say(
                new Contracts.PointsAwarded(
                    CustomerId: customer,
                    LotId: e.LotId,
                    Points: e.Points,
                    Rule: Lot.Imported,
                    RuleVersion: 0,
                    Reference: NameId.For(Lot.Imported, e.Reference),
                    ActiveFrom: e.ActiveFrom,
                    ExpiresAt: e.ExpiresAt,
                    Balance: e.Balance,
                    OccurredAt: e.OccurredAt
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
            ExpiryCorrected e => Say(
                new Contracts.ExpiryCorrected(customer, e.LotId, e.ReturnId, e.Points, e.Balance, e.OccurredAt),
                e.OccurredAt
            ),
            // Nothing was left to take: nobody's balance changed.
            PointsReversed { Points: 0 } => null,
            PointsReversed e => Say(
                new Contracts.PointsReversed(customer, e.ReturnId, e.PurchaseId, e.Points, e.Balance, e.OccurredAt),
                e.OccurredAt
            ),
            TierChanged e => Say(
                new Contracts.TierChanged(
                    CustomerId: customer,
                    From: e.From,
                    To: e.To,
                    QualifyingPoints: e.QualifyingPoints,
                    OccurredAt: e.OccurredAt,
                    Reason: e.Reason ?? TierReasons.Qualified,
                    ExpiresAt: e.ExpiresAt
                ),
                e.OccurredAt
            ),
            TierAssigned e when e.From != e.To => Say(
                new Contracts.TierChanged(
                    CustomerId: customer,
                    From: e.From,
                    To: e.To,
                    QualifyingPoints: e.QualifyingPoints,
                    OccurredAt: e.OccurredAt,
                    Reason: TierReasons.Manual,
                    ExpiresAt: e.Until
                ),
                e.OccurredAt
            ),
            HolderForgotten e => Say(new Contracts.PersonalDataErased(customer, 1, e.OccurredAt), e.OccurredAt),
            IRewardOrderEvent e => Translate(recorded.StreamId, e),
            // Who was forgotten before it was told is not greeted any more.
            CareCameDue { Personal.Value: { } of } e => SayOf(
                e.CustomerId,
                new Contracts.CareDue(
                    CustomerId: e.CustomerId,
                    CareId: e.CareId,
                    Occasion: e.PublishedAs,
                    Year: of.Year,
                    Channel: e.Channel,
                    Content: e.Content,
                    Tier: e.Tier,
                    Language: e.Language,
                    Points: e.Points > 0 ? e.Points : null,
                    OccurredAt: of.DueAt
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
}
