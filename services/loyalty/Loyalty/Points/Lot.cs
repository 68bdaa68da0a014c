namespace CrmPlatform.Loyalty.Points;

/// <summary>The points of one purchase: how many are left, until when, and what returns have claimed of them.</summary>
/// <param name="Net">What the purchase cost: the base of the proportion that a return takes back.</param>
/// <param name="Expired">Points of it that expired. A return does not ask for them again.</param>
/// <param name="Refunded">Net amount returned so far.</param>
/// <param name="Claimed">Points that the refunds so far are worth at the rate of the purchase.</param>
/// <param name="TakenBack">Points that were really reversed for them, from this lot or from others.</param>
public sealed record Lot(Guid Id, Guid PurchaseId, long Earned, decimal Net, long Remaining, DateTimeOffset EarnedAt, DateTimeOffset ExpiresAt,
    long Expired = 0, decimal Refunded = 0, long Claimed = 0, long TakenBack = 0, Guid? LastReturn = null)
{
    public static Guid IdOf(Guid purchaseId) => NameId.For("lot", purchaseId.ToString());

    /// <summary>Half-open: at the instant of expiry the points are gone.</summary>
    public bool IsSpendable(DateTimeOffset at) => EarnedAt <= at && at < ExpiresAt;

    public bool IsDue(DateTimeOffset at) => Remaining > 0 && ExpiresAt <= at;

    /// <summary>
    /// What a cumulative refund is worth in points: proportional, rounded half-even on the cumulative amount, so that partial reversals add up
    /// to the full one.
    /// </summary>
    public long Worth(decimal refunded) => Net == 0 ? 0 : (long)Math.Round(Earned * (Math.Min(refunded, Net) / Net), MidpointRounding.ToEven);

    /// <summary>Points to take now, when <paramref name="claimed"/> in all are claimed: not what expired, not what was taken before.</summary>
    public long ToTake(long claimed) => Math.Max(0, Math.Min(claimed, Earned - Expired) - TakenBack);
}

/// <summary>So many points of one lot.</summary>
public sealed record Allocation(Guid LotId, long Points);

/// <summary>The order in which points are used: earliest expiry first, then earliest earned, then lot id.</summary>
public static class LotOrder
{
    public static IEnumerable<Lot> ByExpiry(this IEnumerable<Lot> lots) => lots.OrderBy(l => l.ExpiresAt).ThenBy(l => l.EarnedAt).ThenBy(l => l.Id);

    /// <summary>Splits a debit over lots in the given order; less than asked where there is not enough.</summary>
    public static IReadOnlyList<Allocation> Take(this IEnumerable<Lot> lots, long points)
    {
        var taken = new List<Allocation>();
        foreach (var lot in lots)
        {
            if (points == 0) break;
            if (Math.Min(lot.Remaining, points) is var some and > 0)
            {
                taken.Add(new(lot.Id, some));
                points -= some;
            }
        }
        return taken;
    }
}
