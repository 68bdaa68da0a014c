using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Where a member stands in the tiers at an instant, and what is ahead.</summary>
/// <param name="Tier">The tier: <c>Gold</c>; of customers who are one person the best of their accounts'.</param>
/// <param name="TierOf">Whose tier that is: all that is said here is about this member's account.</param>
/// <param name="Since">Since when it holds.</param>
/// <param name="ExpiresAt">When the tier is reviewed; null: it does not end by itself.</param>
/// <param name="GraceUntil">The points did not suffice at its end; until then it is kept.</param>
/// <param name="Assigned">How it was given by hand; null if the points decide.</param>
/// <param name="QualifyingPoints">That count at this instant.</param>
/// <param name="NextTier">The tier above; null in the highest.</param>
/// <param name="PointsToNext">Missing to the next tier; null in the highest, and for a given tier.</param>
/// <param name="StayInTierPoints">Missing to keep the tier at its review, of the points that are counted then; null where it is not
/// reviewed.</param>
/// <param name="ProjectedTier">After that review, if nothing more happens.</param>
/// <param name="Benefits">What the tier brings.</param>
public sealed record Standing(
    string Tier,
    Guid TierOf,
    DateTimeOffset Since,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? GraceUntil,
    AssignedTier? Assigned,
    long QualifyingPoints,
    string? NextTier,
    long? PointsToNext,
    long? StayInTierPoints,
    string ProjectedTier,
    TierBenefits Benefits
)
{
    /// <param name="customerId">Whose account it is.</param>
    /// <param name="account">Time has passed on it up to <paramref name="at"/>.</param>
    public static Standing Of(Guid customerId, LoyaltyAccount account, LoyaltyRules rules, DateTimeOffset at)
    {
        var (scheme, business) = (rules.SchemeAt(account.SchemeAsOf), rules.Business);
        var (points, rank) = (scheme.Points(account, at, business), scheme.Rank(account.Tier));
        var next = account.Assigned is null && rank + 1 < scheme.Tiers.Length ? scheme.Tiers[rank + 1] : null;
        long? stay = null;
        var projected = account.Tier!;
        if (account is { Assigned: null, TierExpiresAt: { } expires } && rank >= 0)
        {
            var judged = expires.AddTicks(-1);
            stay = Math.Max(
                0,
                scheme.Tiers[rank].From
                    - account.QualifiedIn(scheme.From(account, judged, business), account.GraceUntil is null ? judged : at)
            );
            var end = account.GraceUntil ?? expires;
            // Of time only the tiers', and what unlocks meanwhile: no other version of the tiers, which nobody has announced to this
            // member.
            var later = new Ledger(account with { SchemeAsOf = DateTimeOffset.MaxValue.AddTicks(-1) }, rules.Copy(scheme)).Pass(end);
            projected =
                later.Account.GraceUntil is { } grace && account.GraceUntil is null ? later.Pass(grace).Account.Tier! : later.Account.Tier!;
        }
        else if (account.Assigned is { Until: { } until })
            projected = new Ledger(account with { SchemeAsOf = DateTimeOffset.MaxValue.AddTicks(-1) }, rules.Copy(scheme))
                .Pass(until)
                .Account.Tier!;
        return new(
            Tier: account.Tier!,
            TierOf: customerId,
            Since: account.TierSince,
            ExpiresAt: account.Assigned?.Until ?? account.TierExpiresAt,
            GraceUntil: account.GraceUntil,
            Assigned: account.Assigned,
            QualifyingPoints: points,
            NextTier: next?.Name,
            PointsToNext: next is null ? null : Math.Max(0, next.From - points),
            StayInTierPoints: stay,
            ProjectedTier: projected,
            Benefits: rank >= 0 ? scheme.Tiers[rank].Benefits : new()
        );
    }
}
