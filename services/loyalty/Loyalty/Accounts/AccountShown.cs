namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Points that are left of one award.</summary>
/// <param name="CustomerId">The member who has them, and who alone can spend them.</param>
/// <param name="LotId">Id of the lot.</param>
/// <param name="PurchaseId">The purchase that earned them; null for other awards.</param>
/// <param name="Reference">Id of what earned them, if not a purchase.</param>
/// <param name="Rule">Name of the rule that gave them.</param>
/// <param name="RuleVersion">Version of the rules by which they were given.</param>
/// <param name="Earned">How many points the award gave.</param>
/// <param name="Remaining">How many of them are left.</param>
/// <param name="EarnedAt">When what earned them happened.</param>
/// <param name="ActiveFrom">They wait for this instant.</param>
/// <param name="Awaits">They wait for this action; when they expire is known then.</param>
/// <param name="ExpiresAt">When they expire, if they are not spent before; null while they wait for an action.</param>
public sealed record LotShown(
    Guid CustomerId,
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
/// Reversed. Of customers who are one person it is the sum of their accounts; each spends their own points.
/// </summary>
/// <param name="AsOf">The instant for which this holds.</param>
/// <param name="Tier">The tier: <c>Gold</c>; of a group the best of its members'.</param>
/// <param name="TierOf">Whose tier that is; what is said of tiers here is about this member's account.</param>
/// <param name="TierExpiresAt">When the tier is reviewed; null if it does not end by itself.</param>
/// <param name="QualifyingPoints">That count for the tier at this instant.</param>
/// <param name="NextTier">The tier above; null in the highest.</param>
/// <param name="PointsToNext">Qualifying points that are missing to the tier above; null in the highest, and for a given tier.</param>
/// <param name="StayInTierPoints">Qualifying points that are missing to keep the tier at its review; null if it is not reviewed.</param>
/// <param name="ProjectedTier">The tier after that review, if nothing more happens.</param>
/// <param name="Balance">Points of the account: available and pending, less debt.</param>
/// <param name="Available">Points that can be spent now.</param>
/// <param name="Pending">Points that wait for an instant or an action.</param>
/// <param name="Debt">What a return took more than was left (policy Unlimited); the next points repay it. As of an instant also what was
/// told later, and took from points that were not there then.</param>
/// <param name="Earned">Points that were ever earned, awarded or given by a correction.</param>
/// <param name="Redeemed">Points that were spent, less those of cancelled redemptions.</param>
/// <param name="Expired">Points that expired.</param>
/// <param name="Reversed">Points that were taken back because goods were returned, or by a correction.</param>
/// <param name="TransferredIn">From other members of the household; over all accounts it is what was transferred out.</param>
/// <param name="TransferredOut">To other members of the household.</param>
/// <param name="Purchases">Purchases that were counted.</param>
/// <param name="Forgotten">True once the customer asked to be forgotten.</param>
/// <param name="Version">Version of the customer's own account.</param>
/// <param name="Lots">Those with points left, member by member, in the order in which they will be spent.</param>
/// <param name="Group">Who is one person with the customer, as it is known now; null for a customer alone.</param>
public sealed record AccountShown(
    Guid CustomerId,
    DateTimeOffset AsOf,
    string Tier,
    Guid TierOf,
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
    IReadOnlyList<LotShown> Lots,
    AccountGroup? Group = null
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
            TierOf: standing.TierOf,
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
