using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Households;
using CrmPlatform.Loyalty.Points;
using CrmPlatform.Loyalty.Rewards;
using CrmPlatform.Loyalty.Tiers;

namespace CrmPlatform.Loyalty.Programme;

/// <summary>
/// Lives an account's life again under other rules, writing nothing: what was bought, returned, done, delivered, spent and corrected,
/// decided by the same code that decides when it really happens. So a preview of rules is what publishing them does.
/// </summary>
public static class WhatIf
{
    /// <param name="facts">Of one account, in the order of its stream.</param>
    /// <param name="until">Time passes up to this instant.</param>
    public static Life Relive(IReadOnlyList<IAccountEvent> facts, LoyaltyRules rules, DateTimeOffset until)
    {
        var life = new Life();
        var real = LoyaltyAccount.Initial;
        foreach (var fact in facts)
        {
            life.Do(account => Again(fact, account, real, rules));
            real = real.Evolve(fact);
        }
        if (life.Account.IsOpen)
            life.Do(account => PassTime.Decide(account, rules, until));
        return life;
    }

    /// <summary>What the decision behind a fact decides now; facts that only follow from others follow by themselves.</summary>
    static IAccountEvent[] Again(IAccountEvent fact, LoyaltyAccount account, LoyaltyAccount real, LoyaltyRules rules) =>
        fact switch
        {
            AccountOpened e => OpenAccount.Decide(account, rules, e.OccurredAt),
            PurchaseCounted e => new EarnPoints(e.PurchaseId, e.Net, e.OccurredAt, e.Channel, e.Lines, e.Rate).Decide(account, rules),
            ActionCounted e => RewardAction.Decide(account, rules, new(e.Action, e.ActionId, e.OccurredAt)),
            PointsEarned { PurchaseId: null, Reference: { } source } e when !real.Actions.ContainsKey(source) => new AwardPoints(
                source,
                e.Rule,
                e.Points,
                e.OccurredAt
            ).Decide(account, rules),
            ReturnCounted e => new ReversePoints(e.ReturnId, e.PurchaseId, e.Net, e.OccurredAt, e.Lines).Decide(account, rules),
            PointsUnlocked e
                when real.Lots.TryGetValue(e.LotId, out var lot)
                    && lot is { Awaits: { } action, PurchaseId: { } purchase }
                    && account.Purchases.ContainsKey(purchase) => new UnlockPoints(purchase, action).Decide(account, rules, e.OccurredAt),
            // Where the clock came by: what was unlocked by then may have made a tier that multiplied the points of a purchase told late.
            TierAssigned e => AssignTier.Again(account, rules, e),
            TierReleased { By: { } by } e => account.Assigned is null
                ? []
                : new ReleaseTier(e.Reason!).Decide(account, rules, by, e.OccurredAt),
            PointsExpired e
                when e.OccurredAt == real.Import?.At
                    && real.Lots.GetValueOrDefault(e.LotId) is { Rule: Lot.Imported } was
                    && was.ExpiresAt < e.OccurredAt => account.Lots.GetValueOrDefault(e.LotId) is { } lot && lot.IsDue(e.OccurredAt)
                ? new Ledger(account, rules).Expire(lot, e.OccurredAt).Facts
                : [],
            PointsUnlocked
            or PointsExpired
            or TierKept
            or TierGraceBegun
            or TierReleased
            or SchemeApplied
            or TierRescheduled
            or TierChanged { Reason: TierReasons.Review } => account.IsOpen ? PassTime.Decide(account, rules, fact.OccurredAt) : [],
            PointsRedeemed e => new RedeemPoints(e.Points, e.Purpose).Decide(account, rules, e.RedemptionId, e.OccurredAt),
            RedemptionCancelled e when account.Redemptions.ContainsKey(e.RedemptionId) => new CancelRedemption(e.RedemptionId).Decide(
                account,
                rules,
                e.OccurredAt
            ),
            PointsTransferredOut e => TransferPoints.Out(account, rules, e.TransferId, e.To, e.Points, e.EarnedBefore, e.OccurredAt),
            // As it was: of the other side's life under these rules nothing is known here.
            PointsTransferredIn e => TransferPoints.In(account, rules, e.TransferId, e.From, e.Lots, e.OccurredAt),
            PointsAdjusted e => new AdjustPoints(e.Points, e.Reason).Adjust(
                account,
                rules,
                e.AdjustmentId,
                e.By,
                e.ApprovedBy,
                e.OccurredAt
            ),
            // What was in the programme before this one stays what it was.
            HistoryImported e => [e with { Balance = account.Balance + account.Told + e.Points }],
            MemberImported e => new Ledger(account, rules).Pass(e.OccurredAt).Note(e).ReviewTier(e.OccurredAt).Facts,
            PointsImported e => new Ledger(account, rules).Import(e).Facts,
            HolderForgotten e => account.IsForgotten ? [] : [e],
            _ => [],
        };

    /// <summary>An account's life so far, and what could not happen in it.</summary>
    public sealed class Life
    {
        public LoyaltyAccount Account { get; private set; } = LoyaltyAccount.Initial;
        public List<IAccountEvent> Facts { get; } = [];

        /// <summary>Redemptions, transfers and corrections that the points do not suffice for.</summary>
        public int Refused { get; private set; }

        public long Issued =>
            Facts.Sum(f =>
                f switch
                {
                    PointsEarned e => e.Points,
                    PointsImported e => e.Points,
                    PointsAdjusted e => Math.Max(0, e.Points),
                    _ => 0,
                }
            );
        public long Expired => Facts.OfType<PointsExpired>().Sum(e => e.Points) - Facts.OfType<ExpiryCorrected>().Sum(e => e.Points);

        public void Do(Func<LoyaltyAccount, IAccountEvent[]> decide)
        {
            try
            {
                var facts = decide(Account);
                Facts.AddRange(facts);
                Account = Account.After(facts);
            }
            catch (RuleViolationException)
            {
                Refused++;
            }
        }
    }
}
