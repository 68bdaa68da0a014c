using System.Collections.Immutable;

namespace CrmPlatform.Loyalty.Referrals;

/// <summary>What can happen to a member in referrals: to the one who was brought, and to the one who brings.</summary>
public interface IReferralEvent
{
    DateTimeOffset OccurredAt { get; }
}

public sealed record ReferralCodeIssued(Guid CustomerId, string Code, DateTimeOffset OccurredAt) : IReferralEvent;

/// <summary>A member was brought by another.</summary>
/// <param name="Purchases">How many the referee had made by then.</param>
/// <param name="LapsesAt">Only purchases before this instant count.</param>
public sealed record ReferralMade(Guid RefereeId, Guid ReferrerId, int Purchases, DateTimeOffset LapsesAt, DateTimeOffset OccurredAt)
    : IReferralEvent;

/// <summary>
/// Somebody was brought by this member or by one of those whom they brought. Noted where the tree has its root, so that no two trees grow
/// into one another at once.
/// </summary>
public sealed record ReferralTreeGrew(Guid RefereeId, DateTimeOffset OccurredAt) : IReferralEvent;

/// <summary>What the referee has bought since, as far as it matters: the first purchase that was kept, if there is one.</summary>
/// <param name="Purchases">How many of the account it took into account.</param>
/// <param name="QualifiesAt">When the purchase is past its return window.</param>
/// <param name="LookAt">When to look again.</param>
public sealed record ReferralReviewed(
    Guid RefereeId,
    int Purchases,
    Guid? PurchaseId,
    DateTimeOffset? QualifiesAt,
    DateTimeOffset LookAt,
    DateTimeOffset OccurredAt
) : IReferralEvent;

/// <summary>The referee's first purchase that was kept is past its return window. Dated at that instant.</summary>
/// <param name="Kept">What of it had not been returned by then, in the base currency.</param>
public sealed record ReferralQualified(Guid RefereeId, Guid ReferrerId, Guid PurchaseId, decimal Kept, DateTimeOffset OccurredAt)
    : IReferralEvent;

/// <summary>Both were rewarded as the earning rules say: these are the points of the actions <c>referral</c> and <c>referred</c>.</summary>
public sealed record ReferralRewarded(Guid RefereeId, Guid ReferrerId, long ReferrerPoints, long RefereePoints, DateTimeOffset OccurredAt)
    : IReferralEvent;

/// <param name="Reason">A code: <c>cap-reached</c>, <c>self-referral</c>.</param>
public sealed record ReferralRewardWithheld(Guid RefereeId, Guid ReferrerId, string Reason, DateTimeOffset OccurredAt) : IReferralEvent;

/// <summary>In the referrer's stream: one more that was rewarded, which caps ask for.</summary>
public sealed record ReferralRewardCounted(Guid RefereeId, DateTimeOffset OccurredAt) : IReferralEvent;

/// <summary>Nothing comes of a referral any more.</summary>
/// <param name="Reason">A code: <c>lapsed</c>, <c>forgotten</c>.</param>
public sealed record ReferralEnded(Guid RefereeId, Guid ReferrerId, string Reason, DateTimeOffset OccurredAt) : IReferralEvent;

/// <summary>What became of a referral.</summary>
public enum ReferralStatus
{
    None,
    Waiting,
    Rewarded,
    Withheld,
    Ended,
}

/// <summary>One member's part in referrals: who brought them, and whose bringing was rewarded.</summary>
public sealed record ReferralMember : IAggregate<ReferralMember, IReferralEvent>
{
    /// <summary>No cap counts more of them.</summary>
    public const int MostCounted = 1_000;

    public static ReferralMember Initial { get; } = new();

    public static Guid IdOf(Guid customer) => NameId.For("referral", customer.ToString());

    public static Stream<ReferralMember, IReferralEvent> Of(Guid customerId) => new(IdOf(customerId));

    public string? Code { get; init; }
    public ReferralMade? Made { get; init; }
    public ReferralStatus Status { get; init; }
    public ReferralReviewed? Reviewed { get; init; }

    /// <summary>When referrals by this member were rewarded, the last ones.</summary>
    public ImmutableList<DateTimeOffset> Rewarded { get; init; } = [];

    public ReferralMember After(IEnumerable<IReferralEvent> events) => events.Aggregate(this, (member, e) => member.Evolve(e));

    public ReferralMember Evolve(IReferralEvent @event) =>
        @event switch
        {
            ReferralCodeIssued e => this with { Code = e.Code },
            ReferralMade e => this with { Made = e, Status = ReferralStatus.Waiting },
            ReferralReviewed e => this with { Reviewed = e },
            ReferralRewarded => this with { Status = ReferralStatus.Rewarded },
            ReferralRewardWithheld => this with { Status = ReferralStatus.Withheld },
            ReferralRewardCounted e => this with
            {
                Rewarded = Rewarded.Add(e.OccurredAt) is { Count: > MostCounted } many ? many.RemoveAt(0) : Rewarded.Add(e.OccurredAt),
            },
            ReferralEnded => this with { Status = ReferralStatus.Ended },
            _ => this,
        };
}
