using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>What kind of thing a reward is. For the last three a code is issued that somebody uses once.</summary>
public enum RewardKind
{
    Goods,
    Gift,
    Coupon,
    Discount,
    Trial,
}

/// <summary>What a reward is called, what it costs whom, and who may have how many of it when.</summary>
/// <param name="Names">By language tag: zh, en, pt-BR.</param>
/// <param name="Kind">What kind of reward it is.</param>
/// <param name="Price">In points, for every tier that has no price of its own.</param>
/// <param name="TierPrices">The tiers that pay another price.</param>
/// <param name="NotFor">The tiers that cannot have it.</param>
/// <param name="PerMember">How many one person may have, under all their ids; null is without limit. Orders that came to nothing do not
/// count.</param>
/// <param name="From">Available from this instant; null is from ever.</param>
/// <param name="Until">Available until before this instant; null is for ever.</param>
/// <param name="ValidDays">How long a coupon, discount or trial can be used, from the confirmation on; the other kinds have none.</param>
public sealed partial record Offer(
    [property: Required, MinLength(1), MaxLength(20)] IReadOnlyDictionary<string, string> Names,
    RewardKind Kind,
    [property: Range(1, LoyaltyRules.MostPoints)] long Price,
    IReadOnlyDictionary<string, long>? TierPrices = null,
    IReadOnlyList<string>? NotFor = null,
    [property: Range(1, 100_000)] int? PerMember = null,
    DateTimeOffset? From = null,
    DateTimeOffset? Until = null,
    [property: Range(1, 3_650)] int? ValidDays = null
)
{
    /// <summary>With what an offer that does not hold together is refused.</summary>
    public static readonly string[] Faults = ["invalid-name", "unknown-tier", "invalid-price", "invalid-window", "invalid-validity"];

    public static bool IssuesCode(RewardKind kind) => kind is RewardKind.Coupon or RewardKind.Discount or RewardKind.Trial;

    /// <summary>Points for a member of this tier; null where it cannot have it.</summary>
    public long? PriceFor(string tier) =>
        NotFor?.Contains(tier) == true ? null
        : TierPrices is not null && TierPrices.TryGetValue(tier, out var own) ? own
        : Price;

    /// <summary>Half-open, like everything that lasts.</summary>
    public bool IsAvailable(DateTimeOffset at) => (From is not { } from || from <= at) && (Until is not { } until || at < until);

    /// <summary>The same offer with its instants in UTC.</summary>
    /// <exception cref="RuleViolationException">It does not hold together.</exception>
    public Offer Checked(LoyaltyRules rules)
    {
        if (Names.Any(n => !Language().IsMatch(n.Key) || n.Value is null || n.Value.Trim().Length is 0 or > 100))
            No("invalid-name", "A name has a language like zh or pt-BR and 1 to 100 characters.", "offer.names");
        var tiers = rules.TierNames;
        if ((TierPrices?.Keys ?? []).Concat(NotFor ?? []).Any(t => t is null || !tiers.Contains(t)))
            No("unknown-tier", $"The tiers are {string.Join(", ", rules.TierNames)}.", "offer.tierPrices");
        if (TierPrices?.Values.Any(p => p is < 1 or > LoyaltyRules.MostPoints) == true)
            No("invalid-price", $"A price is 1 to {LoyaltyRules.MostPoints} points.", "offer.tierPrices");
        if (From >= Until)
            No("invalid-window", "A reward is available from an instant until a later one.", "offer.until");
        if (IssuesCode(Kind) != ValidDays is not null)
            No("invalid-validity", "A coupon, discount or trial is valid for some days; goods and gifts are not.", "offer.validDays");
        return this with { From = From?.ToUniversalTime(), Until = Until?.ToUniversalTime() };

        static void No(string code, string message, string field) => throw new RuleViolationException(code, message, field);
    }

    [GeneratedRegex(@"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\z")]
    private static partial Regex Language();
}
