using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>A customer's points, lot by lot, and their tier. Its stream is the customer's own id.</summary>
public sealed partial record LoyaltyAccount : IAggregate<LoyaltyAccount, IAccountEvent>
{
    public static LoyaltyAccount Initial { get; } = new();

    public static Stream<LoyaltyAccount, IAccountEvent> Of(Guid customerId) => new(customerId);

    /// <exception cref="NotFoundException">Nobody has opened it.</exception>
    public LoyaltyAccount Opened(Guid customerId) => IsOpen ? this : throw new NotFoundException("account", customerId);

    public string? Tier { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset TierSince { get; init; }
    public DateTimeOffset? TierExpiresAt { get; init; }
    public DateTimeOffset? GraceUntil { get; init; }
    public AssignedTier? Assigned { get; init; }
    public TierCause? TierCause { get; init; }

    /// <summary>From here on points count where they count since the tier's start.</summary>
    public DateTimeOffset CountsFrom { get; init; }

    /// <summary>The tier scheme that took effect last before this instant holds for the account.</summary>
    public DateTimeOffset SchemeAsOf { get; init; }

    /// <summary>Qualifying points by the instant from which on they count, less what was returned.</summary>
    public ImmutableSortedDictionary<DateTimeOffset, long> Qualified { get; init; } = ImmutableSortedDictionary<DateTimeOffset, long>.Empty;
    public DateTimeOffset LastQualifiedAt { get; init; }
    public bool IsForgotten { get; init; }

    /// <summary>All that were ever earned, less what was returned.</summary>
    public long QualifyingPoints { get; init; }
    public long Balance { get; init; }
    public long Debt { get; init; }
    public int PurchaseCount { get; init; }
    public ImmutableDictionary<Guid, Lot> Lots { get; init; } = ImmutableDictionary<Guid, Lot>.Empty;

    /// <summary>Lots with points that can be spent, in the order in which they are: earliest expiry first.</summary>
    public ImmutableSortedSet<LotPlace> Open { get; init; } = [];

    /// <summary>Lots that wait for an instant, earliest first.</summary>
    public ImmutableSortedSet<LotPlace> Waiting { get; init; } = [];
    public int Settled { get; init; }

    /// <summary>Months after which points expire that live by activity, where there are such.</summary>
    public int? Slides { get; init; }
    public ImmutableDictionary<Guid, CountedPurchase> Purchases { get; init; } = ImmutableDictionary<Guid, CountedPurchase>.Empty;
    public ImmutableDictionary<Guid, Redemption> Redemptions { get; init; } = ImmutableDictionary<Guid, Redemption>.Empty;

    /// <summary>To and from other members of the household.</summary>
    public ImmutableDictionary<Guid, Transfer> Transfers { get; init; } = ImmutableDictionary<Guid, Transfer>.Empty;

    /// <summary>Actions that were counted, and when they happened.</summary>
    public ImmutableDictionary<Guid, DateTimeOffset> Actions { get; init; } = ImmutableDictionary<Guid, DateTimeOffset>.Empty;

    /// <summary>Adjustments by id: proposed, or null when decided.</summary>
    public ImmutableDictionary<Guid, Proposal?> Adjustments { get; init; } = ImmutableDictionary<Guid, Proposal?>.Empty;
    public DateTimeOffset? BooksClosedBefore { get; init; }
    public Takeover? Import { get; init; }

    /// <summary>Points of an imported history that are in no lot yet; nobody spends them, and after the import there are none.</summary>
    public long Told { get; init; }

    [JsonIgnore]
    public bool IsOpen => Tier is not null;

    [JsonIgnore]
    public IEnumerable<Lot> ByExpiry => Open.Select(place => Lots[place.LotId]);

    /// <summary>Qualifying points of a span of instants, both included.</summary>
    public long QualifiedIn(DateTimeOffset from, DateTimeOffset to) =>
        Qualified.SkipWhile(q => q.Key < from).TakeWhile(q => q.Key <= to).Sum(q => q.Value);

    public long Spendable(DateTimeOffset at) => ByExpiry.Where(l => l.IsSpendable(at)).Sum(l => l.Remaining) - Debt;

    public LoyaltyAccount After(IEnumerable<IAccountEvent> events) => events.Aggregate(this, (account, e) => account.Evolve(e));

    public LoyaltyAccount Evolve(IAccountEvent @event) =>
        @event switch
        {
            AccountOpened e => this with { Tier = e.Tier, OpenedAt = e.OccurredAt, TierSince = e.OccurredAt, SchemeAsOf = e.OccurredAt },
            PurchaseCounted e => this with
            {
                PurchaseCount = PurchaseCount + 1,
                Purchases = Purchases.SetItem(e.PurchaseId, new(e.Net, 0, e.OccurredAt, [])),
            },
            ActionCounted e => this with { Actions = Actions.SetItem(e.ActionId, e.OccurredAt) },
            ReturnCounted e when Purchases.TryGetValue(e.PurchaseId, out var purchase) => this with
            {
                Purchases = Purchases.SetItem(
                    e.PurchaseId,
                    purchase with
                    {
                        Refunded = e.Refunded,
                        Refunds = (purchase.Refunds ?? []).Add(new(e.OccurredAt, e.Refunded)),
                    }
                ),
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
            ExpiryMoved e => Open.Select(place => Lots[place.LotId])
                .Where(l => l.Slides is not null)
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
                    account.Put(new(lot.LotId, null, Lot.Transferred, lot.Points, 0, 0, lot.Remaining, lot.EarnedAt, lot.ExpiresAt))
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
                    ? Put(new(id, null, "adjustment", e.Points, 0, 0, e.Points - e.Repaid, e.OccurredAt, e.ExpiresAt!.Value))
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
                new(e.LotId, null, Lot.Imported, e.Points, 0, 0, e.Points - e.Repaid, e.EarnedAt, e.ExpiresAt, e.ActiveFrom)
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
