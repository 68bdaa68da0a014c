using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>What each fact makes of an account.</summary>
public sealed partial record LoyaltyAccount
{
    public LoyaltyAccount Evolve(IAccountEvent @event) =>
        @event switch
        {
            AccountOpened e => this with { Tier = e.Tier, OpenedAt = e.OccurredAt, TierSince = e.OccurredAt, SchemeAsOf = e.OccurredAt },
            PurchaseCounted e => this with
            {
                PurchaseCount = PurchaseCount + 1,
                Purchases = Purchases.SetItem(e.PurchaseId, new(e.Net, 0, e.OccurredAt, [], Rate: e.Rate)),
            },
            ActionCounted e => this with { Actions = Actions.SetItem(e.ActionId, e.OccurredAt) },
            ReturnCounted e when Purchases.TryGetValue(e.PurchaseId, out var purchase) => this with
            {
                Purchases = Purchases.SetItem(e.PurchaseId, purchase.After(e)),
            },
            PointsEarned e => Earn(e),
            PointsUnlocked e when Lots.TryGetValue(e.LotId, out var lot) => Put(
                    lot with
                    {
                        ActiveFrom = null,
                        Awaits = null,
                        Lasts = null,
                        Remaining = lot.Remaining - e.Repaid,
                        ExpiresAt = e.ExpiresAt,
                        UnlockedAt = e.OccurredAt,
                    }
                )
                .Qualify(e.OccurredAt, e.Qualifying) with
            {
                Balance = e.Balance,
                Debt = Debt - e.Repaid,
            },
            // A late purchase, or a rule version with fewer months, takes no lot's time away.
            ExpiryMoved e => Open.Select(place => Lots[place.LotId])
                .Where(l => l.Slides is not null && l.ExpiresAt < e.ExpiresAt)
                .ToList()
                .Aggregate(this, (account, lot) => account.Put(lot with { ExpiresAt = e.ExpiresAt })),
            PointsRedeemed e => Changed(e.From, -1) with
            {
                Balance = e.Balance,
                Redemptions = Redemptions.SetItem(e.RedemptionId, new(e.From, e.OccurredAt)),
            },
            RedemptionCancelled e when Redemptions.TryGetValue(e.RedemptionId, out var redemption) => Changed(e.To, +1) with
            {
                Balance = e.Balance,
                Debt = Debt - e.Repaid,
                Redemptions = Redemptions.SetItem(e.RedemptionId, redemption with { Cancelled = true }),
            },
            PointsTransferredOut e => Changed(e.From, -1) with
            {
                Balance = e.Balance,
                Transfers = Transfers.SetItem(e.TransferId, new(e.To, -e.Points, e.OccurredAt)),
            },
            PointsTransferredIn e => e.Lots.Aggregate(
                this,
                (account, lot) =>
                    account.Put(
                        new(
                            Id: lot.LotId,
                            PurchaseId: null,
                            Rule: Lot.Transferred,
                            Earned: lot.Points,
                            Qualifying: 0,
                            Net: 0,
                            Remaining: lot.Remaining,
                            EarnedAt: lot.EarnedAt,
                            ExpiresAt: lot.ExpiresAt
                        )
                    )
            ) with
            {
                Balance = e.Balance,
                Debt = Debt - e.Repaid,
                Transfers = Transfers.SetItem(e.TransferId, new(e.From, e.Points, e.OccurredAt)),
            },
            PointsExpired e when Lots.TryGetValue(e.LotId, out var lot) => Put(
                lot with
                {
                    Remaining = lot.Remaining - e.Points,
                    Expired = lot.Expired + e.Points,
                    ExpiredInTime = lot.ExpiredInTime + (e.OccurredAt == lot.ExpiresAt ? e.Points : 0),
                }
            ) with
            {
                Balance = e.Balance,
            },
            ExpiryCorrected e when Lots.TryGetValue(e.LotId, out var lot) => Put(
                lot with
                {
                    Remaining = lot.Remaining + e.Points,
                    Expired = lot.Expired - e.Points,
                    ExpiredInTime = lot.ExpiredInTime - e.Points,
                }
            ) with
            {
                Balance = e.Balance,
            },
            PointsReversed e => Changed(e.From, -1).Claim(e) with { Balance = e.Balance, Debt = Debt + e.Owed },
            AdjustmentProposed e => this with { Adjustments = Adjustments.SetItem(e.AdjustmentId, new(e.Points, e.Reason, e.By)) },
            AdjustmentDeclined e => this with { Adjustments = Adjustments.SetItem(e.AdjustmentId, null) },
            PointsAdjusted e => (
                e.LotId is { } id
                    ? Put(
                        new(
                            Id: id,
                            PurchaseId: null,
                            Rule: "adjustment",
                            Earned: e.Points,
                            Qualifying: 0,
                            Net: 0,
                            Remaining: e.Points - e.Repaid,
                            EarnedAt: e.OccurredAt,
                            ExpiresAt: e.ExpiresAt!.Value
                        )
                    )
                    : Changed(e.From, -1)
            ) with
            {
                Balance = e.Balance,
                Debt = Debt - e.Repaid,
                Adjustments = Adjustments.SetItem(e.AdjustmentId, null),
            },
            TierChanged e => Become(e.To, e.ExpiresAt, e.OccurredAt, e.CountedFrom, reached: e.Reason != TierReasons.Review) with
            {
                CountsFrom = e.Reason switch
                {
                    TierReasons.Return => CountsFrom,
                    TierReasons.Review => e.OccurredAt,
                    _ => e.OccurredAt.AddTicks(1),
                },
            },
            TierKept e => Become(
                e.Tier,
                e.ExpiresAt,
                e.OccurredAt,
                e.CountedFrom,
                reached: GraceUntil is not null && e.OccurredAt < GraceUntil
            ),
            TierGraceBegun e => this with { GraceUntil = e.Until },
            TierAssigned e => Become(e.To, null, e.OccurredAt, null, reached: true) with
            {
                TierCause = null,
                Assigned = new(e.Reason, e.By, e.Until),
            },
            TierReleased => this with { Assigned = null },
            SchemeApplied e => this with { SchemeAsOf = e.OccurredAt },
            TierRescheduled e => this with { TierExpiresAt = e.ExpiresAt, GraceUntil = null },
            MemberImported e => Qualify(e.OccurredAt, e.Qualifying) with
            {
                Import = new(e.ImportId, e.Content, e.OccurredAt),
                OpenedAt = e.JoinedAt < OpenedAt ? e.JoinedAt : OpenedAt,
            },
            HistoryImported e => this with { Told = Told + e.Points },
            PointsImported e => Put(
                new(
                    Id: e.LotId,
                    PurchaseId: null,
                    Rule: Lot.Imported,
                    Earned: e.Points,
                    Qualifying: 0,
                    Net: 0,
                    Remaining: e.Points - e.Repaid,
                    EarnedAt: e.EarnedAt,
                    ExpiresAt: e.ExpiresAt,
                    ActiveFrom: e.ActiveFrom
                )
            ) with
            {
                Balance = e.Balance,
                Debt = Debt - e.Repaid,
                Told = e.Told ?? Told,
            },
            BooksClosed e => Close(e.Before),
            HolderForgotten => this with { IsForgotten = true },
            _ => this,
        };
}
