namespace CrmPlatform.Contracts;

/// <summary>
/// Points were earned for a purchase, by the named rule in this version of the rules. Balance is the account's balance afterwards. It
/// includes pending points, which can be spent from ActiveFrom on, or after the action Awaits.
/// </summary>
/// <param name="LotId">The new lot that the points are in.</param>
/// <param name="Points">How many points were earned.</param>
/// <param name="PurchaseId">The purchase that earned them.</param>
/// <param name="RuleVersion">Version of the rules by which they were earned.</param>
/// <param name="ExpiresAt">When they expire, if they are not spent before.</param>
/// <param name="Balance">Balance of the account afterwards, pending points included.</param>
/// <param name="Rule">Name of the rule that gave them.</param>
/// <param name="ActiveFrom">They are pending until this instant; absent if they wait for none.</param>
/// <param name="Awaits">They are pending until this action, a code such as <c>delivered</c>; absent if they wait for none.</param>
[Contract("loyalty")]
public sealed record PointsEarned(
    Guid CustomerId,
    Guid LotId,
    long Points,
    Guid PurchaseId,
    int RuleVersion,
    DateTimeOffset ExpiresAt,
    long Balance,
    DateTimeOffset OccurredAt,
    string Rule = "base",
    DateTimeOffset? ActiveFrom = null,
    string? Awaits = null
) : IAboutKnownCustomer;

/// <summary>
/// Points were awarded for something other than a purchase: an action that a rule rewards, a gift, attendance. Reference is the id of what
/// they were awarded for.
/// </summary>
/// <param name="LotId">The new lot that the points are in.</param>
/// <param name="Points">How many points were awarded.</param>
/// <param name="Rule">Name of the rule, or of the reason, that gave them.</param>
/// <param name="RuleVersion">Version of the rules by which they last.</param>
/// <param name="Reference">Id of what they were awarded for.</param>
/// <param name="ActiveFrom">They are pending until this instant; absent if they wait for none.</param>
/// <param name="ExpiresAt">When they expire, if they are not spent before.</param>
/// <param name="Balance">Balance of the account afterwards, pending points included.</param>
[Contract("loyalty")]
public sealed record PointsAwarded(
    Guid CustomerId,
    Guid LotId,
    long Points,
    string Rule,
    int RuleVersion,
    Guid? Reference,
    DateTimeOffset? ActiveFrom,
    DateTimeOffset ExpiresAt,
    long Balance,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>Pending points of a lot can be spent from now on; they expire at ExpiresAt.</summary>
/// <param name="LotId">The lot that the points are in.</param>
/// <param name="Points">How many points can be spent from now on.</param>
/// <param name="ExpiresAt">When they expire, if they are not spent before.</param>
/// <param name="Balance">Balance of the account afterwards, pending points included.</param>
[Contract("loyalty")]
public sealed record PointsUnlocked(
    Guid CustomerId,
    Guid LotId,
    long Points,
    DateTimeOffset ExpiresAt,
    long Balance,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>The balance was corrected by hand. Points is positive or negative; Reason is a code.</summary>
/// <param name="AdjustmentId">Id of the adjustment.</param>
/// <param name="Points">How many points were given (positive) or taken (negative).</param>
/// <param name="Reason">Why, as a code: <c>goodwill</c>.</param>
/// <param name="Balance">Balance of the account afterwards, pending points included.</param>
[Contract("loyalty")]
public sealed record PointsAdjusted(Guid CustomerId, Guid AdjustmentId, long Points, string Reason, long Balance, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>Points were spent. Purpose is a code.</summary>
/// <param name="RedemptionId">Id of the redemption.</param>
/// <param name="Points">How many points were spent; positive.</param>
/// <param name="Purpose">What for, as a code: <c>voucher-10</c>.</param>
/// <param name="Balance">Balance of the account afterwards, pending points included.</param>
[Contract("loyalty")]
public sealed record PointsRedeemed(
    Guid CustomerId,
    Guid RedemptionId,
    long Points,
    string Purpose,
    long Balance,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>A redemption was cancelled: its points are back on the account, with the same expiry as before.</summary>
/// <param name="RedemptionId">The redemption that was cancelled.</param>
/// <param name="Points">How many points are back; positive.</param>
/// <param name="Balance">Balance of the account afterwards, pending points included.</param>
[Contract("loyalty")]
public sealed record RedemptionCancelled(Guid CustomerId, Guid RedemptionId, long Points, long Balance, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>
/// Points were transferred to another member of the household (negative) or received from one (positive); both members get an event of
/// their own. Received points are not reported as earned again.
/// </summary>
/// <param name="TransferId">Id of the transfer, the same in the events of both members.</param>
/// <param name="Points">Negative for the sender, positive for the receiver.</param>
/// <param name="Balance">Balance of this member's account afterwards, pending points included.</param>
[Contract("loyalty")]
public sealed record PointsTransferred(Guid CustomerId, Guid TransferId, long Points, long Balance, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>The remaining points of a lot expired. OccurredAt is the expiry instant of the lot, however late it was processed.</summary>
/// <param name="LotId">The lot that expired.</param>
/// <param name="Points">How many points expired; positive.</param>
/// <param name="Balance">Balance of the account afterwards, pending points included.</param>
[Contract("loyalty")]
public sealed record PointsExpired(Guid CustomerId, Guid LotId, long Points, long Balance, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>
/// Points that were told as expired had been taken back before, by a return that was told later: a PointsReversed follows. OccurredAt is
/// the expiry instant of the lot.
/// </summary>
/// <param name="LotId">The lot that was told as expired.</param>
/// <param name="ReturnId">The return that had taken the points back before.</param>
/// <param name="Points">How many of the expired points these are; positive.</param>
/// <param name="Balance">Balance of the account afterwards, pending points included.</param>
[Contract("loyalty")]
public sealed record ExpiryCorrected(Guid CustomerId, Guid LotId, Guid ReturnId, long Points, long Balance, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>Points were taken back because goods were returned.</summary>
/// <param name="ReturnId">The return for which they were taken back.</param>
/// <param name="PurchaseId">The purchase that the goods are from.</param>
/// <param name="Points">How many points were taken back; positive.</param>
/// <param name="Balance">Balance of the account afterwards, pending points included. It can be negative where the programme lets a return
/// take more than is left.</param>
[Contract("loyalty")]
public sealed record PointsReversed(Guid CustomerId, Guid ReturnId, Guid PurchaseId, long Points, long Balance, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>
/// The tier changed. From is null for the first tier. QualifyingPoints are the points that count for tiers; spending never lowers them.
/// Reason is <c>joined</c>, <c>qualified</c>, <c>review</c> (the term of the tier had ended), <c>return</c> (purchases that the tier was
/// reached with were returned), <c>manual</c>, <c>manual-ended</c> or <c>scheme</c>. ExpiresAt is the end of the term, if the tier has one.
/// </summary>
/// <param name="From">The tier before.</param>
/// <param name="To">The tier now.</param>
/// <param name="QualifyingPoints">Points that count for tiers; spending never lowers them.</param>
/// <param name="Reason"><c>joined</c>, <c>qualified</c>, <c>review</c>, <c>return</c>, <c>manual</c>, <c>manual-ended</c> or <c>scheme</c>;
/// absent in events of the first version.</param>
/// <param name="ExpiresAt">End of the tier's term; absent if it has none.</param>
[Contract("loyalty")]
public sealed record TierChanged(
    Guid CustomerId,
    string? From,
    string To,
    long QualifyingPoints,
    DateTimeOffset OccurredAt,
    string? Reason = null,
    DateTimeOffset? ExpiresAt = null
) : IAboutKnownCustomer;
