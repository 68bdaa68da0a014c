namespace CrmPlatform.Loyalty.Points;

/// <summary>How points are earned, how long they last, what a return takes back and which tier they make (section <c>Loyalty</c>).</summary>
public sealed class LoyaltyRules
{
    /// <summary>No sane purchase earns more; above it a fact is refused instead of overflowing a balance.</summary>
    public const long MostPoints = 1_000_000_000_000;

    /// <summary>Versions of the earning rule. A purchase earns by the newest one in force on its own date, whenever it arrives here.</summary>
    public IList<EarningRule> Rules { get; } = [];
    public IList<TierRule> Tiers { get; } = [];
    public ReturnPolicy Returns { get; set; } = ReturnPolicy.WithinBalance;
    public TimeSpan ExpireEvery { get; set; } = TimeSpan.FromMinutes(1);

    public string FirstTier => Tiers[0].Name;

    public EarningRule? RuleAt(DateTimeOffset at) => Rules.Where(r => r.EffectiveFrom <= at).MaxBy(r => r.EffectiveFrom);

    public string TierFor(long qualifyingPoints) => Tiers.Last(t => t.From <= Math.Max(0, qualifyingPoints)).Name;

    /// <summary>Points missing to the next tier; null in the highest.</summary>
    public (string Tier, long Points)? Next(long qualifyingPoints)
        => Tiers.FirstOrDefault(t => t.From > Math.Max(0, qualifyingPoints)) is { } next ? (next.Name, next.From - Math.Max(0, qualifyingPoints)) : null;

    public bool IsValid() => Rules.Count > 0 && Rules.All(r => r is { PointsPerUnit: >= 0, ValidMonths: > 0 })
        && Rules.DistinctBy(r => r.Version).Count() == Rules.Count && Rules.DistinctBy(r => r.EffectiveFrom).Count() == Rules.Count
        && Tiers.Count > 0 && Tiers[0].From == 0 && Tiers.DistinctBy(t => t.Name).Count() == Tiers.Count
        && Tiers.Zip(Tiers.Skip(1)).All(pair => pair.First.From < pair.Second.From);
}

/// <summary>One version of the earning rule: floor(net × PointsPerUnit) per purchase, in the base currency.</summary>
public sealed record EarningRule
{
    public int Version { get; init; }
    public DateTimeOffset EffectiveFrom { get; init; }
    public decimal PointsPerUnit { get; init; }
    public int ValidMonths { get; init; }

    public long PointsFor(decimal net)
    {
        var points = decimal.Floor(Math.Max(0, net) * PointsPerUnit);
        return points <= LoyaltyRules.MostPoints ? (long)points : throw new RuleViolationException("too-many-points", $"one purchase earns at most {LoyaltyRules.MostPoints} points");
    }

    public DateTimeOffset ExpiryOf(DateTimeOffset earnedAt) => earnedAt.AddMonths(ValidMonths);
}

/// <summary>A tier begins at this many qualifying points.</summary>
public sealed record TierRule
{
    public string Name { get; init; } = "";
    public long From { get; init; }
}

/// <summary>What a return may take when the points of its purchase are spent.</summary>
public enum ReturnPolicy
{
    /// <summary>What is there, never more: the balance does not become negative, the rest is forgiven.</summary>
    WithinBalance,

    /// <summary>Everything: the balance may become negative, and the next points earned repay the debt first.</summary>
    Unlimited,
}
