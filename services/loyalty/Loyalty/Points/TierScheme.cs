namespace CrmPlatform.Loyalty.Points;

/// <summary>Which points count for a tier.</summary>
public enum TierWindow
{
    /// <summary>All that were ever earned. Tiers do not expire; a return lowers them at once.</summary>
    Lifetime,

    /// <summary>Those of the last so many months, counted back from the business day.</summary>
    Rolling,

    /// <summary>Those of the calendar period: month, quarter, half year or year.</summary>
    Calendar,

    /// <summary>Those since the member's tier began or was kept; what made the tier does not count once more.</summary>
    SinceTierStart,

    /// <summary>Those of the membership period: so many months, counted from the day of joining.</summary>
    SinceJoin,
}

/// <summary>What becomes of a tier that expires when the points do not suffice for it.</summary>
public enum TierFall
{
    /// <summary>The next lower tier, whatever the points.</summary>
    OneDown,

    /// <summary>The tier that the points make.</summary>
    ByPoints,

    /// <summary>The first tier.</summary>
    ToBase,
}

/// <summary>A version of the tiers: how they are reached, how long they last, what they bring.</summary>
public sealed record TierScheme : IVersioned
{
    /// <summary>Version of the tiers, from 1; given by the publication.</summary>
    public int Version { get; init; } = 1;

    /// <summary>From when on they are in force; given by the publication.</summary>
    public DateTimeOffset EffectiveFrom { get; init; }

    /// <summary>Which points count for a tier.</summary>
    public TierWindow Window { get; init; }

    /// <summary>Length of the window, and how long a tier lasts. Calendar periods have 1, 3, 6 or 12.</summary>
    public int Months { get; init; } = 12;

    /// <summary>Calendar and membership periods: a tier lasts to the end of the period in which it was reached, and so many more.</summary>
    public int KeptPeriods { get; init; } = 1;

    /// <summary>What becomes of a tier whose points do not suffice at its end.</summary>
    public TierFall AtExpiry { get; init; }

    /// <summary>Days of grace after a tier's end: it is still kept, and who earns the missing points in them never loses it.</summary>
    public int GraceDays { get; init; }

    /// <summary>Whether a return that takes away what a tier was reached with lowers it, by one tier at most.</summary>
    public bool RecheckOnReturn { get; init; } = true;

    /// <summary>From the lowest, which begins at 0 points; 1 to 20.</summary>
    public TierRule[] Tiers { get; init; } = [];

    internal bool Expires => Window != TierWindow.Lifetime;

    public int Rank(string? tier) => Array.FindIndex(Tiers, t => t.Name == tier);

    public TierRule For(long points) => Tiers.Last(t => t.From <= Math.Max(0, points));

    public string? Fault() =>
        Version < 1 ? "version is 1 or more"
        : Tiers.Length is 0 or > 20 ? "1 to 20 tiers"
        : Tiers.Any(t => t.Name.Trim().Length is 0 or > 40) || Tiers.DistinctBy(t => t.Name).Count() != Tiers.Length
            ? "tiers have names of their own, at most 40 characters"
        : Tiers[0].From != 0 || !Tiers.Zip(Tiers.Skip(1)).All(pair => pair.First.From < pair.Second.From) ? "tiers must rise from 0"
        : Months is < 1 or > 36 ? "months is 1 to 36"
        : Window == TierWindow.Calendar && Months is not (1 or 3 or 6 or 12) ? "calendar periods have 1, 3, 6 or 12 months"
        : KeptPeriods is < 1 or > 10 ? "keptPeriods is 1 to 10"
        : GraceDays is < 0 or > 366 ? "graceDays is 0 to 366"
        : GraceDays >= Months * 28 ? "the days of grace end before the tier would end again"
        : Tiers.Select(t => t.Benefits.Fault()).FirstOrDefault(f => f is not null);
}

/// <summary>A tier begins at this many qualifying points.</summary>
public sealed record TierRule
{
    /// <summary>Its name: <c>Gold</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>How many qualifying points it needs.</summary>
    public long From { get; init; }

    /// <summary>What it brings.</summary>
    public TierBenefits Benefits { get; init; } = new();
}

/// <summary>What a tier brings. Points follow the multiplier; the rest is for those who serve the member.</summary>
public sealed record TierBenefits
{
    /// <summary>
    /// Purchases earn so many times the points of the rules. What it adds is a lot of its own, named <c>tier-benefit</c>, and does not
    /// count for the tier.
    /// </summary>
    public decimal Multiplier { get; init; } = 1;

    /// <summary>Whether its members are served first.</summary>
    public bool PriorityService { get; init; }

    /// <summary>Whether they pay no shipping.</summary>
    public bool FreeShipping { get; init; }

    /// <summary>What only members of this tier may enter or buy, as codes.</summary>
    public string[] Access { get; init; } = [];

    public string? Fault() =>
        Multiplier is < 1 or > 10 ? "a multiplier is 1 to 10"
        : Access.Length > 50 || !Access.All(Codes.IsCode) ? "access is at most 50 codes of lower-case letters, digits and hyphens"
        : null;
}
