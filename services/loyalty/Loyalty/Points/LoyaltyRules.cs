namespace CrmPlatform.Loyalty.Points;

/// <summary>How points are earned, how long they last, what a return takes back and which tier they make (section <c>Loyalty</c>).</summary>
public sealed class LoyaltyRules
{
    /// <summary>No sane occasion earns more; above it a fact is refused instead of overflowing a balance.</summary>
    public const long MostPoints = 1_000_000_000_000;

    /// <summary>Settled lots are asked about at most so long: closing the books forgets older ones where they are many.</summary>
    const int ManySettled = 200;

    /// <summary>Versions of the earning rules.</summary>
    public IList<RuleSet> Rules { get; } = [];
    public IList<TierRule> Tiers { get; } = [];
    public ReturnPolicy Returns { get; set; } = ReturnPolicy.WithinBalance;
    public TimeSpan ExpireEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Adjustments of more points than this need a second person.</summary>
    public long AdjustAlone { get; set; } = 10_000;

    /// <summary>For so many days after it was earned a settled lot can be returned to, its redemptions cancelled. Older ones leave the account's state, not its log.</summary>
    public int KeepDays { get; set; } = 1_096;

    /// <summary>On whose calendar days, months and years are counted.</summary>
    public Business Business { get; set; } = new();

    public string FirstTier => Tiers[0].Name;

    public RuleSet? RuleAt(DateTimeOffset at) => Rules.Where(r => r.EffectiveFrom <= at).MaxBy(r => r.EffectiveFrom);

    public string TierFor(long qualifyingPoints) => Tiers.Last(t => t.From <= Math.Max(0, qualifyingPoints)).Name;

    /// <summary>Points missing to the next tier; null in the highest.</summary>
    public (string Tier, long Points)? Next(long qualifyingPoints)
        => Tiers.FirstOrDefault(t => t.From > Math.Max(0, qualifyingPoints)) is { } next ? (next.Name, next.From - Math.Max(0, qualifyingPoints)) : null;

    /// <summary>The date up to which an account's settled lots are many and old enough to be forgotten, or null.</summary>
    public DateTimeOffset? BooksCloseAt(LoyaltyAccount account, DateTimeOffset now)
        => account.Settled >= ManySettled && account.Settled % (ManySettled / 4) == 0 ? now.AddDays(-KeepDays) : null;

    public string? Fault()
        => Rules.Count == 0 || Rules.DistinctBy(r => r.Version).Count() != Rules.Count || Rules.DistinctBy(r => r.EffectiveFrom).Count() != Rules.Count ? "rules need versions and dates of their own"
        : Rules.Select(r => r.Fault()).FirstOrDefault(f => f is not null) is { } fault ? fault
        : Tiers.Count == 0 || Tiers[0].From != 0 || Tiers.DistinctBy(t => t.Name).Count() != Tiers.Count || !Tiers.Zip(Tiers.Skip(1)).All(pair => pair.First.From < pair.Second.From) ? "tiers must rise from 0"
        : AdjustAlone < 0 || KeepDays < 31 ? "AdjustAlone is 0 or more, KeepDays 31 or more" : null;
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

    /// <summary>Only what still waits to be unlocked: points that could be spent are the customer's.</summary>
    OnlyPending,
}
