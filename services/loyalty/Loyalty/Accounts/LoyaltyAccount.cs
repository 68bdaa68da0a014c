using System.Collections.Immutable;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>What can happen to an account. Balance is always the account's balance after the fact, in the order of the stream.</summary>
public interface IAccountEvent;

public sealed record AccountOpened(string Tier, DateTimeOffset OccurredAt) : IAccountEvent;

/// <param name="Repaid">Part of the points that went into a debt at once; the lot begins with the rest.</param>
/// <param name="Net">Amount of the purchase in the base currency.</param>
public sealed record PointsEarned(Guid LotId, Guid PurchaseId, long Points, long Repaid, decimal Net, int RuleVersion, DateTimeOffset ExpiresAt,
    long Balance, DateTimeOffset OccurredAt) : IAccountEvent;

public sealed record PointsRedeemed(Guid RedemptionId, long Points, string Purpose, IReadOnlyList<Allocation> From, long Balance, DateTimeOffset OccurredAt) : IAccountEvent;

/// <param name="To">The lots that got their points back, with their own expiry.</param>
public sealed record RedemptionCancelled(Guid RedemptionId, long Points, long Repaid, IReadOnlyList<Allocation> To, long Balance, DateTimeOffset OccurredAt) : IAccountEvent;

public sealed record PointsExpired(Guid LotId, long Points, long Balance, DateTimeOffset OccurredAt) : IAccountEvent;

/// <param name="Points">Really taken: the sum of From, and Owed.</param>
/// <param name="Qualifying">What the refund is worth at the rate of the purchase: no longer counts for the tier, taken or not.</param>
/// <param name="Refunded">Net amount of this purchase returned so far.</param>
/// <param name="Owed">The part that nothing was left for: a debt.</param>
public sealed record PointsReversed(Guid ReturnId, Guid PurchaseId, Guid LotId, long Points, long Qualifying, decimal Refunded,
    IReadOnlyList<Allocation> From, long Owed, long Balance, DateTimeOffset OccurredAt) : IAccountEvent;

public sealed record TierChanged(string From, string To, long QualifyingPoints, DateTimeOffset OccurredAt) : IAccountEvent;

/// <summary>The holder asked to be forgotten. The ledger holds nothing that names them and stays.</summary>
public sealed record HolderForgotten(DateTimeOffset OccurredAt) : IAccountEvent;

public sealed record Redemption(IReadOnlyList<Allocation> From, bool Cancelled = false);

/// <summary>A customer's points, lot by lot, and their tier. Its stream is the customer's own id.</summary>
public sealed record LoyaltyAccount : IAggregate<LoyaltyAccount, IAccountEvent>
{
    public static LoyaltyAccount Initial { get; } = new();

    public string? Tier { get; init; }
    public bool IsForgotten { get; init; }
    public long QualifyingPoints { get; init; }
    public long Balance { get; init; }
    public long Debt { get; init; }
    public ImmutableDictionary<Guid, Lot> Lots { get; init; } = ImmutableDictionary<Guid, Lot>.Empty;
    public ImmutableDictionary<Guid, Redemption> Redemptions { get; init; } = ImmutableDictionary<Guid, Redemption>.Empty;

    public bool IsOpen => Tier is not null;

    public long Spendable(DateTimeOffset at) => Lots.Values.Where(l => l.IsSpendable(at)).Sum(l => l.Remaining) - Debt;

    public LoyaltyAccount After(IEnumerable<IAccountEvent> events) => events.Aggregate(this, (account, e) => account.Evolve(e));

    public LoyaltyAccount Evolve(IAccountEvent @event) => @event switch
    {
        AccountOpened e => this with { Tier = e.Tier },
        PointsEarned e => this with
        {
            QualifyingPoints = QualifyingPoints + e.Points,
            Balance = e.Balance,
            Debt = Debt - e.Repaid,
            Lots = Lots.SetItem(e.LotId, new(e.LotId, e.PurchaseId, e.Points, e.Net, e.Points - e.Repaid, e.OccurredAt, e.ExpiresAt)),
        },
        PointsRedeemed e => this with { Balance = e.Balance, Lots = Changed(e.From, -1), Redemptions = Redemptions.SetItem(e.RedemptionId, new(e.From)) },
        RedemptionCancelled e when Redemptions.TryGetValue(e.RedemptionId, out var redemption) => this with
        {
            Balance = e.Balance,
            Debt = Debt - e.Repaid,
            Lots = Changed(e.To, +1),
            Redemptions = Redemptions.SetItem(e.RedemptionId, redemption with { Cancelled = true }),
        },
        PointsExpired e when Lots.TryGetValue(e.LotId, out var lot) => this with
        {
            Balance = e.Balance,
            Lots = Lots.SetItem(e.LotId, lot with { Remaining = lot.Remaining - e.Points, Expired = lot.Expired + e.Points }),
        },
        PointsReversed e when Changed(e.From, -1) is var lots && lots.TryGetValue(e.LotId, out var lot) => this with
        {
            QualifyingPoints = QualifyingPoints - e.Qualifying,
            Balance = e.Balance,
            Debt = Debt + e.Owed,
            Lots = lots.SetItem(e.LotId, lot with { Refunded = e.Refunded, Claimed = lot.Claimed + e.Qualifying, TakenBack = lot.TakenBack + e.Points, LastReturn = e.ReturnId }),
        },
        TierChanged e => this with { Tier = e.To },
        HolderForgotten => this with { IsForgotten = true },
        _ => this,
    };

    ImmutableDictionary<Guid, Lot> Changed(IReadOnlyList<Allocation> allocations, int sign)
        => Lots.SetItems(from a in allocations
                         where Lots.ContainsKey(a.LotId)
                         let lot = Lots[a.LotId]
                         select KeyValuePair.Create(a.LotId, lot with { Remaining = lot.Remaining + sign * a.Points }));
}
