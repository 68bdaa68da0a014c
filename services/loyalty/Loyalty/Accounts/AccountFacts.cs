using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// What can happen to an account. Balance is always the account's balance after the fact, in the order of the stream: available and pending
/// points less a debt.
/// </summary>
public interface IAccountEvent
{
    DateTimeOffset OccurredAt { get; }
}

public sealed record AccountOpened(string Tier, DateTimeOffset OccurredAt) : IAccountEvent;

/// <summary>A purchase, whether it earned points or not. A what-if rewards it again under other rules.</summary>
/// <param name="Net">In the base currency, as that of its lines.</param>
/// <param name="Rate">From the purchase's currency to the base currency; null in facts from before it was kept.</param>
public sealed record PurchaseCounted(
    Guid PurchaseId,
    string Channel,
    decimal Net,
    IReadOnlyList<Line> Lines,
    DateTimeOffset OccurredAt,
    decimal? Rate = null
) : IAccountEvent;

/// <summary>A member did something that the rules may reward, whether it earned points or not.</summary>
public sealed record ActionCounted(Guid ActionId, string Action, DateTimeOffset OccurredAt) : IAccountEvent;

/// <summary>What came back of one product.</summary>
/// <param name="Net">In the base currency.</param>
public sealed record ReturnedLine(string ProductId, decimal Net);

/// <summary>Goods came back.</summary>
/// <param name="Refunded">Net amount of the purchase returned so far.</param>
/// <param name="Lines">Of which products, if the shop knows it.</param>
public sealed record ReturnCounted(
    Guid ReturnId,
    Guid PurchaseId,
    decimal Net,
    decimal Refunded,
    DateTimeOffset OccurredAt,
    IReadOnlyList<ReturnedLine>? Lines = null
) : IAccountEvent;

/// <param name="PurchaseId">Null for what was not earned by a purchase; then the reference says by what.</param>
/// <param name="Repaid">Part of the points that went into a debt at once; the lot begins with the rest.</param>
/// <param name="Net">Amount of the purchase in the base currency.</param>
/// <param name="Qualifying">How many of the points count for the tier; null: all.</param>
/// <param name="ActiveFrom">They are pending until then.</param>
/// <param name="Awaits">They are pending until this action, and last as <paramref name="Lasts"/> says from then on.</param>
/// <param name="Slides">Months without activity after which they expire.</param>
/// <param name="Lines">The products that they were earned with; null: with the whole purchase.</param>
/// <param name="Multiplies">They multiply points that the same purchase earned before, some of them with some products only.</param>
public sealed record PointsEarned(
    Guid LotId,
    Guid? PurchaseId,
    long Points,
    long Repaid,
    decimal Net,
    int RuleVersion,
    DateTimeOffset ExpiresAt,
    long Balance,
    DateTimeOffset OccurredAt,
    string Rule = "base",
    long? Qualifying = null,
    DateTimeOffset? ActiveFrom = null,
    string? Awaits = null,
    Expiry? Lasts = null,
    int? Slides = null,
    Guid? Reference = null,
    IReadOnlyList<EarnedLine>? Lines = null,
    bool? Multiplies = null
) : IAccountEvent;

/// <summary>Pending points can be spent and count for the tier from now on.</summary>
/// <param name="Points">What is left of the lot.</param>
public sealed record PointsUnlocked(
    Guid LotId,
    long Points,
    long Repaid,
    long Qualifying,
    DateTimeOffset ExpiresAt,
    long Balance,
    DateTimeOffset OccurredAt
) : IAccountEvent;

/// <summary>Something happened on the account: points that expire by inactivity live until then, or as long as before.</summary>
public sealed record ExpiryMoved(DateTimeOffset ExpiresAt, DateTimeOffset OccurredAt) : IAccountEvent;

public sealed record PointsRedeemed(
    Guid RedemptionId,
    long Points,
    string Purpose,
    IReadOnlyList<Allocation> From,
    long Balance,
    DateTimeOffset OccurredAt
) : IAccountEvent;

/// <param name="To">The lots that got their points back, with their own expiry.</param>
public sealed record RedemptionCancelled(
    Guid RedemptionId,
    long Points,
    long Repaid,
    IReadOnlyList<Allocation> To,
    long Balance,
    DateTimeOffset OccurredAt
) : IAccountEvent;

/// <summary>Points went to another member of the household.</summary>
/// <param name="EarnedBefore">Only points that were earned before this instant could go.</param>
public sealed record PointsTransferredOut(
    Guid TransferId,
    Guid To,
    long Points,
    IReadOnlyList<Allocation> From,
    DateTimeOffset EarnedBefore,
    long Balance,
    DateTimeOffset OccurredAt
) : IAccountEvent;

/// <summary>A lot that comes from one of the sender's, with the dates on which that was earned and expires.</summary>
/// <param name="Remaining">What a debt left of the points.</param>
public sealed record TransferredLot(Guid LotId, long Points, long Remaining, DateTimeOffset EarnedAt, DateTimeOffset ExpiresAt);

/// <summary>Points came from another member of the household. They do not count for the tier.</summary>
public sealed record PointsTransferredIn(
    Guid TransferId,
    Guid From,
    long Points,
    long Repaid,
    IReadOnlyList<TransferredLot> Lots,
    long Balance,
    DateTimeOffset OccurredAt
) : IAccountEvent;

public sealed record PointsExpired(Guid LotId, long Points, long Balance, DateTimeOffset OccurredAt) : IAccountEvent;

/// <summary>
/// So many points of a lot had not expired: they had been taken back before, by a return that was told after the expiry was written down.
/// </summary>
/// <param name="OccurredAt">The instant of the expiry that it corrects.</param>
public sealed record ExpiryCorrected(Guid LotId, Guid ReturnId, long Points, long Balance, DateTimeOffset OccurredAt) : IAccountEvent;

/// <param name="Points">Really taken: the sum of From, and Owed.</param>
/// <param name="Qualifying">What no longer counts for the tier, at the rate of the purchase, taken or not.</param>
/// <param name="Refunded">Net amount of this purchase returned so far. For points that were earned with some products: the same part of
/// the net as has come back of these.</param>
/// <param name="Owed">The part that nothing was left for: a debt.</param>
public sealed record PointsReversed(
    Guid ReturnId,
    Guid PurchaseId,
    Guid LotId,
    long Points,
    long Qualifying,
    decimal Refunded,
    IReadOnlyList<Allocation> From,
    long Owed,
    long Balance,
    DateTimeOffset OccurredAt
) : IAccountEvent;

/// <summary>Somebody corrected the balance, for a reason.</summary>
/// <param name="Points">Signed.</param>
/// <param name="By">Who asked for it: the subject of their token.</param>
/// <param name="ApprovedBy">Who else said yes, where it was large.</param>
/// <param name="From">Where points were taken.</param>
/// <param name="LotId">Where points were given: a lot that does not count for the tier.</param>
public sealed record PointsAdjusted(
    Guid AdjustmentId,
    long Points,
    string Reason,
    string By,
    string? ApprovedBy,
    IReadOnlyList<Allocation> From,
    Guid? LotId,
    long Repaid,
    DateTimeOffset? ExpiresAt,
    long Balance,
    DateTimeOffset OccurredAt
) : IAccountEvent;

/// <summary>A large adjustment waits for a second person.</summary>
public sealed record AdjustmentProposed(Guid AdjustmentId, long Points, string Reason, string By, DateTimeOffset OccurredAt)
    : IAccountEvent;

public sealed record AdjustmentDeclined(Guid AdjustmentId, string By, DateTimeOffset OccurredAt) : IAccountEvent;

/// <summary>
/// What was settled before this day is no longer asked about: returns of such purchases take nothing, and the state forgets them. The log
/// does not.
/// </summary>
public sealed record BooksClosed(DateTimeOffset Before, DateTimeOffset OccurredAt) : IAccountEvent;

/// <summary>The holder asked to be forgotten. The ledger holds nothing that names them and stays.</summary>
public sealed record HolderForgotten(DateTimeOffset OccurredAt) : IAccountEvent;
