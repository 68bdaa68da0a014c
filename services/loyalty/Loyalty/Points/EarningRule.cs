namespace CrmPlatform.Loyalty.Points;

/// <summary>
/// A version of the earning rules. An occasion earns by the newest version in force on its own date, whenever it arrives here.
/// </summary>
public sealed record RuleSet : IVersioned
{
    /// <summary>Version of the rules, from 1.</summary>
    public int Version { get; init; }

    /// <summary>From when on they are in force, by the date of the purchase or action.</summary>
    public DateTimeOffset EffectiveFrom { get; init; }

    /// <summary>Evaluated in this order.</summary>
    public EarningRule[] Rules { get; init; } = [];

    public string? Fault() =>
        Version < 1 ? "version is 1 or more"
        : Rules.Length is 0 or > 100 ? "1 to 100 rules"
        : Rules.GroupBy(r => r.Name).FirstOrDefault(g => g.Count() > 1) is { } twice ? $"two rules are named {twice.Key}"
        : Rules.Select(r => r.Fault()).FirstOrDefault(f => f is not null);
}

/// <summary>
/// One earning rule, as data: what it rewards, when it applies, how many points it gives, how they behave. Exactly one of PerUnit, Points
/// and Multiply.
/// </summary>
public sealed record EarningRule
{
    /// <summary>Its name, as a code, unique in its version: <c>base</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>What is rewarded: <c>purchase</c>, or an action's code such as <c>review</c>, <c>survey</c>, <c>referral</c>.</summary>
    public string On { get; init; } = Occasion.Purchase;

    /// <summary>When it applies.</summary>
    public RuleCondition When { get; init; } = new();

    /// <summary>
    /// Points per unit of the base currency, of the matching lines where the condition names products, categories or brands; floor per
    /// occasion.
    /// </summary>
    public decimal? PerUnit { get; init; }

    /// <summary>A fixed number of points for each occasion.</summary>
    public long? Points { get; init; }

    /// <summary>Multiplies the points of the rules before it: 2 doubles them. What it adds is a lot of its own.</summary>
    public decimal? Multiply { get; init; }

    /// <summary>Which share of the points counts for the tier: 1 all, 0 none.</summary>
    public decimal Qualifying { get; init; } = 1;

    /// <summary>The most points that one occasion gives by this rule. What is returned makes room again.</summary>
    public long? PerOccasion { get; init; }

    /// <summary>The most points that one business day gives by this rule.</summary>
    public long? PerDay { get; init; }

    /// <summary>The most points that periodDays business days up to the occasion give by this rule.</summary>
    public long? PerPeriod { get; init; }

    /// <summary>How many days perPeriod is about, 1 to 3,660.</summary>
    public int? PeriodDays { get; init; }

    /// <summary>How long the points last; 24 months if left out.</summary>
    public Expiry Valid { get; init; } = new() { Count = 24 };

    /// <summary>What the points wait for before they can be spent; left out for nothing.</summary>
    public Hold? Hold { get; init; }

    /// <summary>Where this rule gives points, no later one is asked.</summary>
    public bool Last { get; init; }

    /// <summary>The name under which tiers add points; no rule has it.</summary>
    public const string TierBenefit = "tier-benefit";

    public string? Fault()
    {
        if (!Codes.IsCode(Name))
            return "a rule's name is a code of lower-case letters, digits and hyphens, at most 64";
        string? why =
            Name == TierBenefit ? "the tiers' own name"
            : !Codes.IsCode(On) ? "on is a code"
            : new[] { PerUnit is not null, Points is not null, Multiply is not null }.Count(x => x) != 1
                ? "exactly one of perUnit, points and multiply"
            : PerUnit is < 0 or > 1_000_000 ? "perUnit is 0 to 1000000"
            : Points is < 1 or > LoyaltyRules.MostPoints ? "points is 1 or more"
            : Multiply is <= 1 or > 100 ? "multiply is more than 1, at most 100"
            : Qualifying is < 0 or > 100 ? "qualifying is 0 to 100"
            : PerOccasion < 1 || PerDay < 1 || PerPeriod < 1 ? "a cap is 1 or more"
            : PerPeriod is null != PeriodDays is null || PeriodDays is < 1 or > 3660 ? "perPeriod and periodDays (1 to 3660) go together"
            : Valid.Fault() ?? Hold?.Fault() ?? When.Fault();
        return why is null ? null : $"{Name}: {why}";
    }
}

/// <summary>When a rule applies. What is left empty does not matter; all that is given must hold.</summary>
public sealed record RuleCondition
{
    /// <summary>A campaign begins here, by the date of the occasion; left out: from ever.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>It ends just before here; left out: never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Purchases on these channels; empty for all.</summary>
    public string[] Channels { get; init; } = [];

    /// <summary>Members of these tiers; empty for all.</summary>
    public string[] Tiers { get; init; } = [];

    /// <summary>Only the lines of these products, categories or brands count; all if the three are empty.</summary>
    public string[] Products { get; init; } = [];

    /// <summary>Only the lines of these products, categories or brands count.</summary>
    public string[] Categories { get; init; } = [];

    /// <summary>Only the lines of these products, categories or brands count.</summary>
    public string[] Brands { get; init; } = [];

    /// <summary>The lines that count are of at least so much, in the base currency.</summary>
    public decimal? MinNet { get; init; }

    /// <summary>Only for the account's first purchase.</summary>
    public bool FirstPurchase { get; init; }

    internal bool NamesLines => Products.Length + Categories.Length + Brands.Length > 0;

    /// <summary>The lines that count, added up by product; null where all do, or what counts cost nothing.</summary>
    public IReadOnlyList<EarnedLine>? Named(IReadOnlyList<Line> lines)
    {
        if (!NamesLines)
            return null;
        var named = lines
            .Where(Names)
            .GroupBy(l => Keys.Normal(l.ProductId))
            .Select(p => new EarnedLine(p.Key, p.Sum(l => l.Net)))
            .ToList();
        return named.Sum(l => l.Net) > 0 ? named : null;
    }

    public bool Names(Line line) => Products.Contains(line.ProductId) || Categories.Contains(line.Category) || Brands.Contains(line.Brand);

    public string? Fault() =>
        From >= Until ? "from is before until"
        : MinNet < 0 ? "minNet is 0 or more"
        : null;
}

/// <summary>
/// Points wait before they can be spent and count for the tier: so many days, until an instant, or for an action such as <c>delivered</c>.
/// </summary>
public sealed record Hold
{
    /// <summary>For so many days, 1 to 3,660.</summary>
    public int? Days { get; init; }

    /// <summary>Until this instant.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Until this action is told, a code: <c>delivered</c>.</summary>
    public string? Action { get; init; }

    public string? Fault() =>
        new[] { Days is not null, Until is not null, Action is not null }.Count(x => x) != 1 ? "hold is one of days, until and action"
        : Days is < 1 or > 3660 ? "hold.days is 1 to 3660"
        : Action is not null && !Codes.IsCode(Action) ? "hold.action is a code"
        : null;
}
