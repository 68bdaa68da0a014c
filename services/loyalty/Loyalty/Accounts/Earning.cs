using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// How a rule set rewards an occasion. Pure: the same account, occasion and rules give the same awards, today and in a what-if.
/// </summary>
public static class Earning
{
    /// <exception cref="RuleViolationException"><c>too-many-points</c>: more than any balance may hold.</exception>
    public static IReadOnlyList<Award> Awards(this RuleSet set, Occasion occasion, LoyaltyAccount account, Business business)
    {
        var awards = new List<Award>();
        foreach (var rule in set.Rules)
        {
            if (rule.On != occasion.On || !Applies(rule.When, occasion, account, out var net))
                continue;
            var points =
                rule.Points
                ?? Floor(rule.PerUnit is { } perUnit ? Math.Max(0, net) * perUnit : awards.Sum(a => a.Points) * (rule.Multiply!.Value - 1));
            points = Capped(rule, points, occasion, account, business);
            if (points <= 0)
                continue;
            awards.Add(new(rule, points, Floor(points * rule.Qualifying)));
            if (rule.Last)
                break;
        }
        return awards;
    }

    /// <summary>
    /// What the member's tier adds to a purchase's points: a lot of its own that behaves as the first one and does not count for the tier.
    /// </summary>
    public static IReadOnlyList<Award> WithBenefit(this IReadOnlyList<Award> awards, TierScheme scheme, string? tier)
    {
        if (awards.Count == 0 || scheme.Tiers.FirstOrDefault(t => t.Name == tier) is not { Benefits.Multiplier: > 1 and var multiplier })
            return awards;
        var points = Floor(awards.Sum(a => a.Points) * (multiplier - 1));
        return points == 0
            ? awards
            :
            [
                .. awards,
                new(
                    new()
                    {
                        Name = EarningRule.TierBenefit,
                        Multiply = multiplier,
                        Qualifying = 0,
                        Valid = awards[0].Rule.Valid,
                        Hold = awards[0].Rule.Hold,
                    },
                    points,
                    0,
                    scheme.Version
                ),
            ];
    }

    static bool Applies(RuleCondition when, Occasion occasion, LoyaltyAccount account, out decimal net)
    {
        var lines = occasion.Lines ?? [];
        net = when.NamesLines ? lines.Where(when.Names).Sum(l => l.Net) : occasion.Net;
        return !(occasion.At < when.From)
            && !(occasion.At >= when.Until)
            && (when.Channels.Length == 0 || when.Channels.Contains(occasion.Channel))
            && (when.Tiers.Length == 0 || when.Tiers.Contains(account.Tier))
            && (!when.NamesLines || lines.Any(when.Names))
            && !(net < when.MinNet)
            && (!when.FirstPurchase || account.PurchaseCount == 0);
    }

    static long Capped(EarningRule rule, long points, Occasion occasion, LoyaltyAccount account, Business business)
    {
        points = Math.Min(points, rule.PerOccasion ?? points);
        if (rule.PerDay is null && rule.PerPeriod is null)
            return points;
        var day = business.DayOf(occasion.At);
        if (rule.PerDay is { } perDay)
            points = Math.Min(points, perDay - Given(1));
        if (rule.PerPeriod is { } perPeriod)
            points = Math.Min(points, perPeriod - Given(rule.PeriodDays!.Value));
        return points;

        long Given(int days) =>
            account
                .Lots.Values.Where(l =>
                    l.Rule == rule.Name && business.DayOf(l.EarnedAt) is var earned && earned <= day && earned > day.AddDays(-days)
                )
                .Sum(l => l.Earned - l.Worth(l.Refunded));
    }

    static long Floor(decimal points) =>
        decimal.Floor(points) is <= LoyaltyRules.MostPoints and var whole
            ? (long)whole
            : throw new RuleViolationException("too-many-points", $"one occasion earns at most {LoyaltyRules.MostPoints} points");
}
