namespace CrmPlatform.Loyalty.Accounts;

/// <param name="QualifyingPoints">That counted at the time.</param>
/// <param name="Reason">One of <see cref="TierReasons"/>; null in facts of the first version: the points made it.</param>
/// <param name="ExpiresAt">Until when the tier lasts; null: it does not end by itself.</param>
/// <param name="CountedFrom">Where the window began whose points made it.</param>
public sealed record TierChanged(
    string From,
    string To,
    long QualifyingPoints,
    DateTimeOffset OccurredAt,
    string? Reason = null,
    DateTimeOffset? ExpiresAt = null,
    DateTimeOffset? CountedFrom = null
) : IAccountEvent;

/// <summary>A tier came to its end, and the points sufficed to keep it.</summary>
public sealed record TierKept(
    string Tier,
    long QualifyingPoints,
    DateTimeOffset ExpiresAt,
    DateTimeOffset CountedFrom,
    DateTimeOffset OccurredAt
) : IAccountEvent;

/// <summary>A tier came to its end, the points did not suffice, and it is kept for some days in which they may.</summary>
public sealed record TierGraceBegun(string Tier, long QualifyingPoints, DateTimeOffset Until, DateTimeOffset OccurredAt) : IAccountEvent;

/// <summary>Somebody gave a tier, for a reason. Points do not move it until it is lifted.</summary>
/// <param name="By">The subject of their token.</param>
/// <param name="Until">When it is lifted by itself.</param>
public sealed record TierAssigned(
    string From,
    string To,
    long QualifyingPoints,
    string Reason,
    string By,
    DateTimeOffset? Until,
    DateTimeOffset OccurredAt
) : IAccountEvent;

/// <summary>A given tier was lifted; from now on points decide again.</summary>
/// <param name="By">Null: it had come to its end.</param>
public sealed record TierReleased(string? By, string? Reason, DateTimeOffset OccurredAt) : IAccountEvent;

/// <summary>Another version of the tier scheme holds for this account from now on.</summary>
public sealed record SchemeApplied(int Version, DateTimeOffset OccurredAt) : IAccountEvent;

/// <summary>By another scheme the same tier ends at another time.</summary>
public sealed record TierRescheduled(string Tier, DateTimeOffset? ExpiresAt, DateTimeOffset OccurredAt) : IAccountEvent;
