using System.Text.Json;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>The grammar of decision tests: what has happened, what is asked, what happens then.</summary>
static class Given
{
    public static DateTimeOffset Day(int day) => new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero).AddDays(day);

    public static LoyaltyRules Rules(ReturnPolicy returns = ReturnPolicy.WithinBalance, int validMonths = 24) =>
        new()
        {
            Returns = returns,
            Rules =
            {
                Set(
                    1,
                    Day(-10_000),
                    new EarningRule
                    {
                        Name = "base",
                        PerUnit = 1,
                        Valid = new() { Count = validMonths },
                    }
                ),
            },
            Schemes = { new() { Tiers = FourTiers } },
        };

    public static TierRule[] FourTiers =>
        [
            new() { Name = "Bronze" },
            new() { Name = "Silver", From = 500 },
            new() { Name = "Gold", From = 2000 },
            new() { Name = "Platinum", From = 5000 },
        ];

    public static RuleSet Set(int version, DateTimeOffset from, params EarningRule[] rules) =>
        new()
        {
            Version = version,
            EffectiveFrom = from,
            Rules = rules,
        };

    public static Guid Id(int n) => new(n, 0, 0, new byte[8]);

    public static Guid LotOf(int purchase, string rule = "base") => Lot.IdOf(Id(purchase), rule);

    public static LoyaltyAccount Account(params IAccountEvent[] events) => LoyaltyAccount.Initial.After(events);

    /// <summary>An account that earned these points, one purchase a day.</summary>
    public static LoyaltyAccount Earned(params long[] points)
    {
        var account = LoyaltyAccount.Initial;
        for (var i = 0; i < points.Length; i++)
            account = account.After(new EarnPoints(Id(i), points[i], Day(i)).Decide(account, Rules()));
        return account;
    }

    /// <summary>Whole facts, compared by value: lists inside of records too.</summary>
    public static void Then(this IAccountEvent[] happened, params IAccountEvent[] expected) =>
        happened.Select(Text).ShouldBe(expected.Select(Text));

    static string Text(IAccountEvent e) => $"{e.GetType().Name} {JsonSerializer.Serialize(e, e.GetType())}";
}
