namespace CrmPlatform.Contracts;

/// <summary>
/// A reward was reserved for a customer; PointsRedeemed with the same id tells that its points were spent. Reward is its code. Kind is
/// <c>goods</c>, <c>gift</c>, <c>coupon</c>, <c>discount</c> or <c>trial</c>. Tier is the tier whose price applies. If the reservation is
/// not confirmed before LapsesAt, it is cancelled.
/// </summary>
/// <param name="OrderId">Id of the reward order.</param>
/// <param name="Reward">Code of the reward.</param>
/// <param name="Kind"><c>goods</c>, <c>gift</c>, <c>coupon</c>, <c>discount</c> or <c>trial</c>.</param>
/// <param name="Tier">The tier whose price applies.</param>
/// <param name="Points">Price in points.</param>
/// <param name="LapsesAt">The reservation lapses then, if it is not confirmed before.</param>
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
/// <param name="OrderId">Id of the reward order.</param>
/// <param name="Reward">Code of the reward.</param>
/// <param name="Points">Price in points.</param>
/// <param name="ValidUntil">A code that was issued can be used until just before this instant; absent if none was.</param>
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
/// <param name="OrderId">Id of the reward order.</param>
/// <param name="Reward">Code of the reward.</param>
/// <param name="Points">How many points are back on the account.</param>
/// <param name="Reason"><c>cancelled</c> or <c>lapsed</c>.</param>
[Contract("loyalty")]
public sealed record RewardCancelled(Guid CustomerId, Guid OrderId, string Reward, long Points, string Reason, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>The code of an order was used. Reference is the till's number of the sale.</summary>
/// <param name="OrderId">Id of the reward order.</param>
/// <param name="Reward">Code of the reward.</param>
/// <param name="Reference">The till's number of the sale.</param>
[Contract("loyalty")]
public sealed record CouponUsed(Guid CustomerId, Guid OrderId, string Reward, string Reference, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>
/// A greeting is due and should be sent. Occasion is the code of the care plan; every anniversary of a person, including the birthday, is
/// <c>anniversary</c> unless the plan says otherwise. Year is the year in the calendar of the occasion. Content is a code. The customer has
/// consented to Channel. Points, if any, were awarded with it. OccurredAt is the due instant, however late it was processed. Published at
/// most once per customer, occasion and year.
/// </summary>
/// <param name="CareId">Id of the greeting.</param>
/// <param name="Occasion">The occasion's code in the care plan.</param>
/// <param name="Year">Year of the occasion, in its calendar.</param>
/// <param name="Channel">How to send it; the customer has consented to it.</param>
/// <param name="Content">What to send, as a code.</param>
/// <param name="Tier">The customer's tier; absent if there is none.</param>
/// <param name="Language">The customer's language, as a BCP 47 tag; absent if it is not known.</param>
/// <param name="Points">Points that were awarded with the greeting; absent if there were none.</param>
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
/// <param name="ActivityId">Id of the member activity.</param>
/// <param name="FromWaitingList">True if the customer moved up from the waiting list.</param>
/// <param name="StartsAt">When the activity begins.</param>
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
/// <param name="ActivityId">Id of the member activity.</param>
/// <param name="Points">Points that were awarded for it; absent if there were none.</param>
[Contract("loyalty")]
public sealed record ActivityAttended(Guid CustomerId, Guid ActivityId, long? Points, DateTimeOffset OccurredAt) : IAboutKnownCustomer;
