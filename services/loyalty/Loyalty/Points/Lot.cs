using System.Text.Json.Serialization;

namespace CrmPlatform.Loyalty.Points;

/// <summary>Points that were awarded at once by one rule: how many are left, from when and until when.</summary>
/// <param name="PurchaseId">Null for what was not earned by a purchase.</param>
/// <param name="Net">What the purchase cost: the base of the proportion that a return takes back.</param>
/// <param name="Qualifying">How many of the points count for the tier, once they can be spent.</param>
/// <param name="EarnedAt">The instant of what earned them. Before it nobody spends them.</param>
/// <param name="ActiveFrom">Not unlocked yet: they wait for this instant.</param>
/// <param name="Awaits">Not unlocked yet: they wait for this action, and last as <paramref name="Lasts"/> says from then on.</param>
/// <param name="UnlockedAt">When it was, if it was pending.</param>
/// <param name="Slides">Months without activity after which they expire.</param>
/// <param name="Expired">Points of it that expired. A return does not ask for them again.</param>
/// <param name="ExpiredInTime">Those that were there when it expired; the others came back later, by a cancelled redemption.</param>
/// <param name="Refunded">Net amount returned so far; of points that were earned with some products, the same part of the net as has come
/// back of these.</param>
/// <param name="TakenBack">Points that were really reversed for it, from this lot or from others.</param>
/// <param name="Lines">The products that they were earned with; null: with the whole purchase.</param>
/// <param name="Multiplies">They multiply points that the same purchase earned before, some of them with some products only.</param>
public sealed record Lot(
    Guid Id,
    Guid? PurchaseId,
    string Rule,
    long Earned,
    long Qualifying,
    decimal Net,
    long Remaining,
    DateTimeOffset EarnedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? ActiveFrom = null,
    string? Awaits = null,
    Expiry? Lasts = null,
    int? Slides = null,
    long Expired = 0,
    decimal Refunded = 0,
    long TakenBack = 0,
    Guid? LastReturn = null,
    DateTimeOffset? UnlockedAt = null,
    long ExpiredInTime = 0,
    IReadOnlyList<EarnedLine>? Lines = null,
    bool Multiplies = false
)
{
    /// <summary>In place of a rule's name: points of the programme before this one.</summary>
    public const string Imported = "imported";

    /// <summary>In place of a rule's name: points that another member of the household sent.</summary>
    public const string Transferred = "transfer";

    /// <summary>One lot for each source and rule.</summary>
    public static Guid IdOf(Guid sourceId, string rule) => NameId.For("lot", sourceId.ToString(), rule);

    [JsonIgnore]
    public bool IsPending => ActiveFrom is not null || Awaits is not null;

    /// <summary>Nothing is left and nothing is waited for.</summary>
    [JsonIgnore]
    public bool IsSettled => Remaining == 0 && !IsPending;

    /// <summary>From when on its qualifying points count.</summary>
    [JsonIgnore]
    public DateTimeOffset QualifiedAt => UnlockedAt ?? EarnedAt;

    /// <summary>Half-open: at the instant of expiry the points are gone.</summary>
    public bool IsSpendable(DateTimeOffset at) => !IsPending && EarnedAt <= at && at < ExpiresAt;

    public bool IsDue(DateTimeOffset at) => Remaining > 0 && !IsPending && ExpiresAt <= at;

    /// <summary>
    /// What a cumulative refund is worth in points: proportional, rounded half-even on the cumulative amount, so that partial reversals add
    /// up to the full one.
    /// </summary>
    public long Worth(decimal refunded) => Part(Earned, refunded, Net);

    /// <summary>The same of the points that count for the tier.</summary>
    public long QualifyingWorth(decimal refunded) => Part(Qualifying, refunded, Net);

    /// <summary>
    /// Points to take, when <paramref name="claimed"/> in all are claimed at an instant: not what had expired by then, not what was taken
    /// before.
    /// </summary>
    public long ToTake(long claimed, DateTimeOffset at) => Math.Max(0, Math.Min(claimed, Earned - Expired + NotYet(at)) - TakenBack);

    /// <summary>Points that have expired, and at an instant had not yet.</summary>
    public long NotYet(DateTimeOffset at) => EarnedAt <= at && at < ExpiresAt ? ExpiredInTime : 0;

    internal static long Part(long points, decimal refunded, decimal net) =>
        net == 0 ? 0 : (long)Math.Round(points * (Math.Min(refunded, net) / net), MidpointRounding.ToEven);

    internal LotPlace ByExpiry => new(ExpiresAt, EarnedAt, Id);
    internal LotPlace ByUnlock => new(ActiveFrom ?? Expiry.Never, EarnedAt, Id);
}

/// <summary>The lines of one product that a rule rewarded.</summary>
/// <param name="Net">What they cost, in the base currency.</param>
public sealed record EarnedLine(string ProductId, decimal Net);

/// <summary>A number of points of one lot.</summary>
public sealed record Allocation(Guid LotId, long Points);

/// <summary>Where a lot stands in a queue: earliest first, then earliest earned, then lot id.</summary>
public readonly record struct LotPlace(DateTimeOffset At, DateTimeOffset EarnedAt, Guid LotId) : IComparable<LotPlace>
{
    public int CompareTo(LotPlace other) => (At, EarnedAt, LotId).CompareTo((other.At, other.EarnedAt, other.LotId));

    public static bool operator <(LotPlace left, LotPlace right) => left.CompareTo(right) < 0;

    public static bool operator >(LotPlace left, LotPlace right) => left.CompareTo(right) > 0;

    public static bool operator <=(LotPlace left, LotPlace right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LotPlace left, LotPlace right) => left.CompareTo(right) >= 0;
}

public static class LotOrder
{
    /// <summary>Splits a debit over lots in the given order; less than asked where there is not enough.</summary>
    public static IReadOnlyList<Allocation> Take(this IEnumerable<Lot> lots, long points)
    {
        var taken = new List<Allocation>();
        foreach (var lot in lots)
        {
            if (points == 0)
                break;
            if (Math.Min(lot.Remaining, points) is var some and > 0)
            {
                taken.Add(new(lot.Id, some));
                points -= some;
            }
        }
        return taken;
    }
}
