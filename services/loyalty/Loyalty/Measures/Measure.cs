namespace CrmPlatform.Loyalty.Measures;

/// <summary>
/// A number of the programme with a fixed meaning: Numerator and Denominator name sets of facts (<see cref="Sets"/>). What a number means
/// is changed by giving it another version, never in place.
/// </summary>
/// <param name="Unit">share, purchases, days, points, or the base currency where null.</param>
/// <param name="Denominator">Null where the number is an amount.</param>
public sealed record Measure(string Id, int Version, string Meaning, string? Unit, string Numerator, string? Denominator)
{
    public string Definition => $"{Id}/{Version}";

    public static readonly IReadOnlyList<Measure> All =
    [
        new("repeat-rate", 1, "members with two net purchases or more / members with one or more", "share", "repeat-buyers", "buyers"),
        new(
            "repeat-revenue-share",
            1,
            "net revenue of all but each member's first net purchase / net revenue",
            "share",
            "repeat-revenue",
            "revenue"
        ),
        new("purchase-frequency", 1, "net purchases / members with one or more", "purchases", "purchases", "buyers"),
        new("purchase-value", 1, "net revenue / net purchases", null, "revenue", "purchases"),
        new("referral-rate", 1, "referrals that were made good / members", "share", "referrals", "members"),
        new(
            "redemption-rate",
            1,
            "points redeemed, less those of cancelled redemptions / points issued, less those taken back",
            "share",
            "redeemed",
            "issued"
        ),
        new("breakage", 1, "points expired / points issued, less those taken back", "share", "expired", "issued"),
        new(
            "active-members",
            1,
            "members who bought, redeemed, attended, sent points or did what counts as an action in the last activeDays days / members",
            "share",
            "active",
            "members"
        ),
        new("tenure-mean", 1, "business days from joining to asOf, of all members / members", "days", "days", "members"),
        new(
            "tenure-median",
            1,
            "the same of the middle member, or of the two in the middle / how many these are",
            "days",
            "middle-days",
            "middle"
        ),
        new(
            "liability",
            1,
            "points available and pending, less debts; the value is in the base currency at pointValue",
            null,
            "liability",
            null
        ),
    ];
}
