namespace CrmPlatform.Contracts;

/// <summary>
/// Points were earned for a purchase, by the named rule in this version of the rules. Balance is the account's balance afterwards. It
/// includes pending points, which can be spent from ActiveFrom on, or after the action Awaits.
/// </summary>
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
[Contract("loyalty")]
public sealed record PointsAdjusted(Guid CustomerId, Guid AdjustmentId, long Points, string Reason, long Balance, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>Points were spent. Purpose is a code.</summary>
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
[Contract("loyalty")]
public sealed record RedemptionCancelled(Guid CustomerId, Guid RedemptionId, long Points, long Balance, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>
/// Points were transferred to another member of the household (negative) or received from one (positive); both members get an event of
/// their own. Received points are not reported as earned again.
/// </summary>
[Contract("loyalty")]
public sealed record PointsTransferred(Guid CustomerId, Guid TransferId, long Points, long Balance, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>The remaining points of a lot expired. OccurredAt is the expiry instant of the lot, however late it was processed.</summary>
[Contract("loyalty")]
public sealed record PointsExpired(Guid CustomerId, Guid LotId, long Points, long Balance, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>
/// Points that were told as expired had been taken back before, by a return that was told later: a PointsReversed follows. OccurredAt is
/// the expiry instant of the lot.
/// </summary>
[Contract("loyalty")]
public sealed record ExpiryCorrected(Guid CustomerId, Guid LotId, Guid ReturnId, long Points, long Balance, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>Points were taken back because goods were returned.</summary>
[Contract("loyalty")]
public sealed record PointsReversed(Guid CustomerId, Guid ReturnId, Guid PurchaseId, long Points, long Balance, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>
/// The tier changed. From is null for the first tier. QualifyingPoints are the points that count for tiers; spending never lowers them.
/// Reason is <c>joined</c>, <c>qualified</c>, <c>review</c> (the term of the tier had ended), <c>return</c> (purchases that the tier was
/// reached with were returned), <c>manual</c>, <c>manual-ended</c> or <c>scheme</c>. ExpiresAt is the end of the term, if the tier has one.
/// </summary>
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

/// <summary>
/// A reward was reserved for a customer; PointsRedeemed with the same id tells that its points were spent. Reward is its code. Kind is
/// <c>goods</c>, <c>gift</c>, <c>coupon</c>, <c>discount</c> or <c>trial</c>. Tier is the tier whose price applies. If the reservation is
/// not confirmed before LapsesAt, it is cancelled.
/// </summary>
[Contract("loyalty")]
public sealed record RewardReserved(
    Guid CustomerId,
    Guid OrderId,
    string Reward,
    string Kind,
    string Tier,
    long Points,
    DateTimeOffset LapsesAt,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>
/// The customer took the reward. If a code was issued, it can be used until just before ValidUntil. The code itself is never published.
/// </summary>
[Contract("loyalty")]
public sealed record RewardConfirmed(
    Guid CustomerId,
    Guid OrderId,
    string Reward,
    long Points,
    DateTimeOffset? ValidUntil,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>
/// An order was cancelled and its points are back on the account (RedemptionCancelled with the same id). Reason is <c>cancelled</c>, or
/// <c>lapsed</c> if the reservation was not confirmed in time; then OccurredAt is the instant at which it lapsed.
/// </summary>
[Contract("loyalty")]
public sealed record RewardCancelled(Guid CustomerId, Guid OrderId, string Reward, long Points, string Reason, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>The code of an order was used. Reference is the till's number of the sale.</summary>
[Contract("loyalty")]
public sealed record CouponUsed(Guid CustomerId, Guid OrderId, string Reward, string Reference, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>
/// A greeting is due and should be sent. Occasion is the code of the care plan; every anniversary of a person, including the birthday, is
/// <c>anniversary</c> unless the plan says otherwise. Year is the year in the calendar of the occasion. Content is a code. The customer has
/// consented to Channel. Points, if any, were awarded with it. OccurredAt is the due instant, however late it was processed. Published at
/// most once per customer, occasion and year.
/// </summary>
[Contract("loyalty")]
public sealed record CareDue(
    Guid CustomerId,
    Guid CareId,
    string Occasion,
    int Year,
    string Channel,
    string Content,
    string? Tier,
    string? Language,
    long? Points,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>
/// The customer has a place at a member activity, by signing up or from the waiting list. StartsAt is when the activity begins.
/// </summary>
[Contract("loyalty")]
public sealed record ActivityJoined(
    Guid CustomerId,
    Guid ActivityId,
    bool FromWaitingList,
    DateTimeOffset StartsAt,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>
/// The customer attended a member activity. Points, if any, were awarded for it. Published at most once per customer and activity.
/// </summary>
[Contract("loyalty")]
public sealed record ActivityAttended(Guid CustomerId, Guid ActivityId, long? Points, DateTimeOffset OccurredAt) : IAboutKnownCustomer;
