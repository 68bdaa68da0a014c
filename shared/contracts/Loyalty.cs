namespace CrmPlatform.Contracts;

/// <summary>
/// Points were earned for a purchase, by the named rule of this version of the rules. Balance is the account's balance after it, pending
/// points included: these wait for ActiveFrom, or for the action Awaits.
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
/// Points were given for something else than a purchase: an action that a rule rewards, a present, attendance. Reference says for what.
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

/// <summary>Pending points of a lot can be spent from now on, and expire at ExpiresAt.</summary>
[Contract("loyalty")]
public sealed record PointsUnlocked(
    Guid CustomerId,
    Guid LotId,
    long Points,
    DateTimeOffset ExpiresAt,
    long Balance,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>Somebody corrected the balance by hand. Points is signed, Reason is a code.</summary>
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

/// <summary>A redemption was taken back: its points are on the account again, with the expiry that they had.</summary>
[Contract("loyalty")]
public sealed record RedemptionCancelled(Guid CustomerId, Guid RedemptionId, long Points, long Balance, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>
/// Points went to another member of the household (negative) or came from one: each side is told of its own. They are not earned again by
/// it.
/// </summary>
[Contract("loyalty")]
public sealed record PointsTransferred(Guid CustomerId, Guid TransferId, long Points, long Balance, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>What was left of a lot expired. OccurredAt is the lot's own expiry instant, however late the clock came by.</summary>
[Contract("loyalty")]
public sealed record PointsExpired(Guid CustomerId, Guid LotId, long Points, long Balance, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>Points were taken back because goods were returned.</summary>
[Contract("loyalty")]
public sealed record PointsReversed(Guid CustomerId, Guid ReturnId, Guid PurchaseId, long Points, long Balance, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>
/// The tier changed. From is null for the first tier. QualifyingPoints are those that count for tiers; spending never lowers them. Reason
/// is <c>joined</c>, <c>qualified</c>, <c>review</c> (it had come to its end), <c>return</c> (what it was reached with was returned),
/// <c>manual</c>, <c>manual-ended</c> or <c>scheme</c>; ExpiresAt says until when it lasts, where it ends by itself.
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
/// A reward was reserved for a customer, for so many points; PointsRedeemed of the same id says that they were spent. Reward is its code,
/// Kind one of <c>goods</c>, <c>gift</c>, <c>coupon</c>, <c>discount</c>, <c>trial</c>; Tier is the one that made the price. Not confirmed
/// before LapsesAt, it is cancelled.
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
/// The customer took the reward. ValidUntil is there where a code was issued: it can be used until before that instant. The code itself is
/// told to nobody.
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
/// An order came to nothing and its points are on the account again (RedemptionCancelled of the same id). Reason is <c>cancelled</c>, or
/// <c>lapsed</c> where a reservation was not confirmed in time; then OccurredAt is the instant until which it was reserved.
/// </summary>
[Contract("loyalty")]
public sealed record RewardCancelled(Guid CustomerId, Guid OrderId, string Reward, long Points, string Reason, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>The code of an order was used. Reference is the till's number of what it was used for.</summary>
[Contract("loyalty")]
public sealed record CouponUsed(Guid CustomerId, Guid OrderId, string Reward, string Reference, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>
/// A greeting is due: whoever sends messages sends this one. Occasion is the plan's code; every anniversary of a person, their birthday
/// too, is <c>anniversary</c> unless the plan says otherwise. Year is that of the occasion's own calendar. Content is a code. The customer
/// has consented on Channel. Points came with it. OccurredAt is the due instant, however late the clock came by. At most once per customer,
/// occasion and year.
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
/// The customer has a place at a member activity, by signing up or by moving up from the waiting list. StartsAt is when it begins.
/// </summary>
[Contract("loyalty")]
public sealed record ActivityJoined(
    Guid CustomerId,
    Guid ActivityId,
    bool FromWaitingList,
    DateTimeOffset StartsAt,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>The customer was there. Points came with it. Once per customer and activity.</summary>
[Contract("loyalty")]
public sealed record ActivityAttended(Guid CustomerId, Guid ActivityId, long? Points, DateTimeOffset OccurredAt) : IAboutKnownCustomer;
