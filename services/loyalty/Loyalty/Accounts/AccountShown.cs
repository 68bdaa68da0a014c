namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Points that are left of one award.</summary>
/// <param name="Reference">What earned them, if not a purchase.</param>
/// <param name="ActiveFrom">They wait for this instant.</param>
/// <param name="Awaits">They wait for this action; when they expire is known then.</param>
public sealed record LotShown(
    Guid LotId,
    Guid? PurchaseId,
    Guid? Reference,
    string Rule,
    int RuleVersion,
    long Earned,
    long Remaining,
    DateTimeOffset EarnedAt,
    DateTimeOffset? ActiveFrom,
    string? Awaits,
    DateTimeOffset? ExpiresAt
);

/// <summary>
/// An account at an instant: Balance = Available + Pending − Debt = Earned + TransferredIn − TransferredOut − Redeemed − Expired −
/// Reversed.
/// </summary>
/// <param name="TierExpiresAt">When the tier is reviewed, StayInTierPoints what is missing to keep it then, ProjectedTier what it will be
/// if nothing more happens.</param>
/// <param name="QualifyingPoints">That count for the tier at this instant.</param>
/// <param name="Debt">What a return took more than was left (policy Unlimited); the next points repay it. As of an instant also what was
/// told later, and took from points that were not there then.</param>
/// <param name="TransferredIn">From other members of the household; over all accounts it is what was transferred out.</param>
/// <param name="Lots">Those with points left, in the order in which they will be spent.</param>
public sealed record AccountShown(
    Guid CustomerId,
    DateTimeOffset AsOf,
    string Tier,
    DateTimeOffset? TierExpiresAt,
    long QualifyingPoints,
    string? NextTier,
    long? PointsToNext,
    long? StayInTierPoints,
    string ProjectedTier,
    long Balance,
    long Available,
    long Pending,
    long Debt,
    long Earned,
    long Redeemed,
    long Expired,
    long Reversed,
    long TransferredIn,
    long TransferredOut,
    int Purchases,
    bool Forgotten,
    long Version,
    IReadOnlyList<LotShown> Lots
)
{
    internal static AccountShown Of(
        Guid customerId,
        DateTimeOffset at,
        Standing standing,
        AccountSums sums,
        long debt,
        int purchases,
        bool forgotten,
        long version,
        IReadOnlyList<LotShown> lots
    )
    {
        var pending = lots.Where(l => l.ActiveFrom is not null || l.Awaits is not null).Sum(l => l.Remaining);
        return new(
            CustomerId: customerId,
            AsOf: at,
            Tier: standing.Tier,
            TierExpiresAt: standing.ExpiresAt,
            QualifyingPoints: standing.QualifyingPoints,
            NextTier: standing.NextTier,
            PointsToNext: standing.PointsToNext,
            StayInTierPoints: standing.StayInTierPoints,
            ProjectedTier: standing.ProjectedTier,
            Balance: sums.Balance,
            Available: lots.Sum(l => l.Remaining) - pending + Math.Max(0, sums.Told),
            Pending: pending,
            Debt: debt + Math.Max(0, -sums.Told),
            Earned: sums.Earned,
            Redeemed: sums.Redeemed,
            Expired: sums.Expired,
            Reversed: sums.Reversed,
            TransferredIn: sums.In,
            TransferredOut: sums.Out,
            Purchases: purchases,
            Forgotten: forgotten,
            Version: version,
            Lots: lots
        );
    }
}
