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

    /// <summary>Nothing that is asked for happens on the account of who was forgotten.</summary>
    /// <exception cref="RuleViolationException"><c>customer-forgotten</c>.</exception>
    public LoyaltyAccount Remembered() =>
        IsForgotten
            ? throw new RuleViolationException("customer-forgotten", "the account's holder was forgotten: its points stay where they are")
            : this;

    public string? Tier { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset TierSince { get; init; }
    public DateTimeOffset? TierExpiresAt { get; init; }
    public DateTimeOffset? GraceUntil { get; init; }
    public AssignedTier? Assigned { get; init; }
    public TierCause? TierCause { get; init; }

    /// <summary>Under a scheme that counts points since the tier began: from this instant on.</summary>
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
}
