namespace CrmPlatform.Loyalty.Points;

/// <summary>
/// How points are earned, how long they last, what a return takes back and which tier they make (section <c>Loyalty</c>).
/// </summary>
public sealed class LoyaltyRules
{
    /// <summary>No sane occasion earns more; above it a fact is refused instead of overflowing a balance.</summary>
    public const long MostPoints = 1_000_000_000_000;

    /// <summary>An account with this many settled lots closes its books over those that are older than <see cref="KeepDays"/>.</summary>
    const int ManySettled = 200;

    volatile IReadOnlyList<RuleSet> published = [];
    volatile IReadOnlyList<TierScheme> publishedSchemes = [];

    /// <summary>Versions of the earning rules.</summary>
    public IList<RuleSet> Rules { get; } = [];

    /// <summary>Versions that were published, beside those of the settings.</summary>
    public IReadOnlyList<RuleSet> Published
    {
        get => published;
        set => published = value;
    }

    /// <summary>Versions of the tiers.</summary>
    public IList<TierScheme> Schemes { get; } = [];

    /// <summary>Versions that were published, beside those of the settings.</summary>
    public IReadOnlyList<TierScheme> PublishedSchemes
    {
        get => publishedSchemes;
        set => publishedSchemes = value;
    }
    public ReturnPolicy Returns { get; set; } = ReturnPolicy.WithinBalance;
    public TimeSpan ExpireEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Adjustments of more points than this need a second person.</summary>
    public long AdjustAlone { get; set; } = 10_000;

    /// <summary>
    /// For so many days after it was earned a settled lot can be returned to, its redemptions cancelled. Older ones leave the account's
    /// state, not its log.
    /// </summary>
    public int KeepDays { get; set; } = 1_096;

    /// <summary>On whose calendar days, months and years are counted.</summary>
    public Business Business { get; set; } = new();

    /// <summary>What a point costs the business when it is spent, in the base currency.</summary>
    public decimal PointValue { get; set; } = 0.01m;

    public IEnumerable<RuleSet> All => Rules.Concat(Published);

    public IEnumerable<TierScheme> AllSchemes => Schemes.Concat(PublishedSchemes);

    /// <summary>Tiers of any version, lowest first.</summary>
    public IReadOnlyList<string> TierNames =>
        [.. AllSchemes.OrderByDescending(s => s.EffectiveFrom).SelectMany(s => s.Tiers).Select(t => t.Name).Distinct()];

    public RuleSet? RuleAt(DateTimeOffset at) => All.Where(r => r.EffectiveFrom <= at).MaxBy(r => r.EffectiveFrom);

    /// <summary>The version of the tiers in force; before the first one takes effect, the first one.</summary>
    public TierScheme SchemeAt(DateTimeOffset at)
    {
        TierScheme? found = null;
        foreach (var scheme in AllSchemes)
            if (
                found is null
                || (
                    found.EffectiveFrom > at
                        ? scheme.EffectiveFrom < found.EffectiveFrom
                        : scheme.EffectiveFrom <= at && scheme.EffectiveFrom > found.EffectiveFrom
                )
            )
                found = scheme;
        return found!;
    }

    /// <summary>The version that comes after those in force at an instant.</summary>
    public TierScheme? SchemeAfter(DateTimeOffset at)
    {
        TierScheme? next = null;
        foreach (var scheme in AllSchemes)
            if (scheme.EffectiveFrom > at && !(scheme.EffectiveFrom >= next?.EffectiveFrom))
                next = scheme;
        return next;
    }

    /// <summary>The one with the best tier of those in force at an instant; of several with it the first.</summary>
    public T? Best<T>(IEnumerable<T> members, Func<T, string?> tier, DateTimeOffset at)
    {
        var scheme = SchemeAt(at);
        return members.MaxBy(member => scheme.Rank(tier(member)));
    }

    /// <summary>The date up to which an account's settled lots are many and old enough to be forgotten, or null.</summary>
    public DateTimeOffset? BooksCloseAt(int settled, DateTimeOffset now) =>
        settled >= ManySettled && settled % (ManySettled / 4) == 0 ? now.AddDays(-KeepDays) : null;

    /// <summary>The same rules for a what-if, with another scheme from the beginning where there is one.</summary>
    public LoyaltyRules Copy(TierScheme? scheme)
    {
        var copy = new LoyaltyRules
        {
            Returns = Returns,
            ExpireEvery = ExpireEvery,
            AdjustAlone = AdjustAlone,
            KeepDays = KeepDays,
            Business = Business,
            PointValue = PointValue,
        };
        foreach (var set in All)
            copy.Rules.Add(set);
        foreach (var one in scheme is null ? AllSchemes : [scheme with { EffectiveFrom = DateTimeOffset.MinValue }])
            copy.Schemes.Add(one);
        return copy;
    }

    public string? Fault() =>
        Rules.Count == 0
        || Rules.DistinctBy(r => r.Version).Count() != Rules.Count
        || Rules.DistinctBy(r => r.EffectiveFrom).Count() != Rules.Count
            ? "rules need versions and dates of their own"
        : Rules.Select(r => r.Fault()).FirstOrDefault(f => f is not null) is { } fault ? fault
        : Schemes.Count == 0
        || Schemes.DistinctBy(s => s.Version).Count() != Schemes.Count
        || Schemes.DistinctBy(s => s.EffectiveFrom).Count() != Schemes.Count
            ? "tier schemes need versions and dates of their own"
        : Schemes.Select(s => s.Fault()).FirstOrDefault(f => f is not null) is { } tiers ? tiers
        : Schemes.Any(s => s.Expires && s.Months * 2 * 31 > KeepDays) ? "KeepDays covers the windows of the tiers twice"
        : AdjustAlone < 0 || KeepDays < 31 ? "AdjustAlone is 0 or more, KeepDays 31 or more"
        : null;
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
