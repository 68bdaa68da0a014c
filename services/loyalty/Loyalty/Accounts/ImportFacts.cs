namespace CrmPlatform.Loyalty.Accounts;

/// <summary>A member of the programme that was before this one; their points follow.</summary>
/// <param name="Content">Hash of the row: the same row again is the same import.</param>
/// <param name="Tier">What the old programme called them, where it was told.</param>
/// <param name="Qualifying">Points that count for the tier from now on.</param>
public sealed record MemberImported(
    string ImportId,
    string Content,
    DateTimeOffset JoinedAt,
    string? Tier,
    long Qualifying,
    DateTimeOffset OccurredAt
) : IAccountEvent;

/// <summary>What is left of points of the programme that was before this one.</summary>
/// <param name="Reference">The old programme's number.</param>
/// <param name="Repaid">Part of the points that went into a debt at once; the lot begins with the rest.</param>
/// <param name="ActiveFrom">They are pending until then.</param>
/// <param name="Told">
/// Null where the points have no history. Else the entries before have told of them already, so that a statement does not count them twice:
/// what was told and is in no lot yet.
/// </param>
public sealed record PointsImported(
    Guid LotId,
    string Reference,
    long Points,
    long Repaid,
    DateTimeOffset EarnedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? ActiveFrom,
    long Balance,
    long? Told,
    DateTimeOffset OccurredAt
) : IAccountEvent;

public enum PastKind
{
    Earned,
    Redeemed,
    Expired,
    Adjusted,
}

/// <summary>
/// What happened in the programme that was before this one, on its own date. It moves no lot: the lots that are left of it all follow.
/// </summary>
/// <param name="Points">Signed.</param>
/// <param name="Note">A code.</param>
/// <param name="Balance">The account's balance with what the history has told so far.</param>
public sealed record HistoryImported(
    Guid EntryId,
    string Reference,
    PastKind Kind,
    long Points,
    string? Note,
    long Balance,
    DateTimeOffset OccurredAt
) : IAccountEvent;
