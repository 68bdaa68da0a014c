namespace CrmPlatform.Contracts;

/// <summary>Points were earned for a purchase. Balance is the account's spendable balance after it.</summary>
[Contract("loyalty")]
public sealed record PointsEarned(Guid CustomerId, Guid LotId, long Points, Guid PurchaseId, int RuleVersion, DateTimeOffset ExpiresAt, long Balance, DateTimeOffset OccurredAt);

/// <summary>Points were spent. Purpose is a code.</summary>
[Contract("loyalty")]
public sealed record PointsRedeemed(Guid CustomerId, Guid RedemptionId, long Points, string Purpose, long Balance, DateTimeOffset OccurredAt);

/// <summary>A redemption was taken back: its points are on the account again, with the expiry that they had.</summary>
[Contract("loyalty")]
public sealed record RedemptionCancelled(Guid CustomerId, Guid RedemptionId, long Points, long Balance, DateTimeOffset OccurredAt);

/// <summary>What was left of a lot expired. OccurredAt is the lot's own expiry instant, however late the clock came by.</summary>
[Contract("loyalty")]
public sealed record PointsExpired(Guid CustomerId, Guid LotId, long Points, long Balance, DateTimeOffset OccurredAt);

/// <summary>Points were taken back because goods were returned.</summary>
[Contract("loyalty")]
public sealed record PointsReversed(Guid CustomerId, Guid ReturnId, Guid PurchaseId, long Points, long Balance, DateTimeOffset OccurredAt);

/// <summary>The tier changed. From is null for the first tier. QualifyingPoints are those that count for tiers; spending never lowers them.</summary>
[Contract("loyalty")]
public sealed record TierChanged(Guid CustomerId, string? From, string To, long QualifyingPoints, DateTimeOffset OccurredAt);
