using static CrmPlatform.Loyalty.Tests.Given;
using static CrmPlatform.Loyalty.Tests.Tiers.GivenTiers;

namespace CrmPlatform.Loyalty.Tests.Tiers;

public class TierTests
{
    [Fact]
    public void a_calendar_tier_lasts_to_the_end_of_the_next_period_whose_points_keep_it()
    {
        var rules = With(new() { Window = TierWindow.Calendar, Months = 12 });
        var life = new Life(rules).Buy(At(2026, 3, 1), 400).Buy(At(2026, 9, 1), 200);
        life.TierFacts.ShouldBe([
            new TierChanged("Bronze", "Silver", 600, At(2026, 9, 1), TierReasons.Qualified, Midnight(2028, 1, 1), Midnight(2026, 1, 1)),
        ]);
        var standing = life.Standing(At(2026, 12, 31));
        (standing.ExpiresAt, standing.StayInTierPoints, standing.PointsToNext, standing.ProjectedTier).ShouldBe(
            (Midnight(2028, 1, 1), 500, 1400, "Bronze")
        );
        life.Buy(At(2027, 12, 31), 499);
        (life.Standing(At(2027, 12, 31)).StayInTierPoints, life.Standing(At(2027, 12, 31)).ProjectedTier).ShouldBe((1, "Bronze"));
        life.Buy(Midnight(2028, 1, 1).AddTicks(-1), 1);
        (life.Standing(At(2027, 12, 31)).StayInTierPoints, life.Standing(At(2027, 12, 31)).ProjectedTier).ShouldBe((0, "Silver"));
        life.Pass(At(2028, 2, 1))
            .TierFacts.Last()
            .ShouldBe(new TierKept("Silver", 500, Midnight(2029, 1, 1), Midnight(2027, 1, 1), Midnight(2028, 1, 1)));
        // 2028 brings nothing; whenever the clock comes by, it was on New Year.
        life.Pass(At(2031, 7, 1))
            .TierFacts.Last()
            .ShouldBe(new TierChanged("Silver", "Bronze", 0, Midnight(2029, 1, 1), TierReasons.Review, null, Midnight(2028, 1, 1)));
    }

    [Fact]
    public void a_purchase_at_the_stroke_of_the_new_period_counts_for_the_new_one()
    {
        var rules = With(new() { Window = TierWindow.Calendar, Months = 3 });
        var life = new Life(rules).Buy(Midnight(2026, 4, 1).AddTicks(-1), 499).Buy(Midnight(2026, 4, 1), 499);
        life.Account.Tier.ShouldBe("Bronze");
        life.Buy(Midnight(2026, 7, 1).AddTicks(-1), 1).Account.Tier.ShouldBe("Silver");
    }

    [Fact]
    public void a_rolling_window_forgets_what_was_earned_so_many_months_ago()
    {
        var rules = With(new() { Window = TierWindow.Rolling, Months = 12 });
        var life = new Life(rules).Buy(At(2026, 3, 10), 300).Buy(At(2027, 3, 10), 300);
        life.Account.Tier.ShouldBe("Bronze", "the day of a year before is no longer in it");
        life.Standing(At(2027, 3, 10)).QualifyingPoints.ShouldBe(300);
        life.Buy(At(2027, 3, 9), 200)
            .TierFacts.ShouldBe(
                [
                    new TierChanged(
                        "Bronze",
                        "Silver",
                        500,
                        At(2027, 3, 10),
                        TierReasons.Qualified,
                        Midnight(2028, 3, 11),
                        Midnight(2026, 3, 11)
                    ),
                ],
                "told late, it counts by its own date and lifts the member now"
            );
    }

    [Fact]
    public void what_made_a_tier_does_not_keep_it_where_points_count_since_its_start()
    {
        var rules = With(new() { Window = TierWindow.SinceTierStart, Months = 12 });
        var life = new Life(rules).Buy(Jan1, 2000).Buy(At(2026, 6, 1), 1999);
        life.Standing(At(2026, 6, 1)).StayInTierPoints.ShouldBe(1);
        life.Pass(At(2027, 2, 1)).Account.Tier.ShouldBe("Silver");
        life.Facts.OfType<TierChanged>()
            .Last()
            .ShouldBe(
                new TierChanged("Gold", "Silver", 1999, Midnight(2027, 1, 2), TierReasons.Review, Midnight(2028, 1, 2), Jan1.AddTicks(1))
            );
        life.Standing(At(2027, 2, 1)).QualifyingPoints.ShouldBe(0);
    }

    [Fact]
    public void membership_years_begin_on_the_day_of_joining_also_where_it_was_a_31st()
    {
        var rules = With(
            new()
            {
                Window = TierWindow.SinceJoin,
                Months = 1,
                AtExpiry = TierFall.ByPoints,
            }
        );
        var account = LoyaltyAccount.Initial.After(OpenAccount.Decide(LoyaltyAccount.Initial, rules, At(2026, 1, 31)));
        var scheme = rules.SchemeAt(Jan1);
        (DateTimeOffset Day, DateTimeOffset From)[] periods =
        [
            (At(2026, 1, 31), Midnight(2026, 1, 31)),
            (At(2026, 2, 27), Midnight(2026, 1, 31)),
            (At(2026, 2, 28), Midnight(2026, 2, 28)),
            (At(2026, 3, 30), Midnight(2026, 2, 28)),
            (At(2026, 3, 31), Midnight(2026, 3, 31)),
            (At(2026, 1, 30), Midnight(2025, 12, 31)),
            (At(2028, 2, 29), Midnight(2028, 2, 29)),
        ];
        foreach (var (day, from) in periods)
            scheme.From(account, day, rules.Business).ShouldBe(from);
        scheme.ExpiryOf(1, account, At(2026, 2, 1), rules.Business).ShouldBe(Midnight(2026, 3, 31));
    }

    [Fact]
    public void points_that_wait_count_from_the_day_they_are_unlocked()
    {
        var rules = With(new() { Window = TierWindow.Calendar });
        rules.Rules[0] = Set(
            1,
            Day(-10_000),
            new EarningRule
            {
                Name = "base",
                PerUnit = 1,
                Hold = new() { Days = 14 },
            }
        );
        var life = new Life(rules).Buy(At(2026, 12, 25), 700);
        life.Standing(At(2026, 12, 31)).QualifyingPoints.ShouldBe(0);
        life.Pass(At(2027, 1, 8))
            .TierFacts.ShouldBe([
                new TierChanged(
                    "Bronze",
                    "Silver",
                    700,
                    Midnight(2027, 1, 8),
                    TierReasons.Qualified,
                    Midnight(2029, 1, 1),
                    Midnight(2027, 1, 1)
                ),
            ]);
        life.Return(At(2027, 1, 9), 1, 350)
            .Standing(At(2027, 1, 9))
            .QualifyingPoints.ShouldBe(350, "the return takes from where they counted");
    }
}
