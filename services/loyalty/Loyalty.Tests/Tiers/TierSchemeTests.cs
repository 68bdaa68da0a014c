using static CrmPlatform.Loyalty.Tests.Given;
using static CrmPlatform.Loyalty.Tests.Tiers.GivenTiers;

namespace CrmPlatform.Loyalty.Tests.Tiers;

public class TierSchemeTests
{
    [Fact]
    public void another_version_of_the_tiers_lowers_nobody_at_once_and_raises_who_has_the_points()
    {
        var rules = With(new() { Window = TierWindow.Calendar });
        var second = new TierScheme
        {
            Version = 2,
            EffectiveFrom = At(2026, 8, 1),
            Window = TierWindow.Rolling,
            Months = 6,
            Tiers = [new() { Name = "Bronze" }, new() { Name = "Silver", From = 800 }, new() { Name = "Gold", From = 1000 }],
        };
        var (kept, risen, gone) = (
            new Life(rules).Buy(At(2026, 5, 5), 600),
            new Life(rules).Buy(At(2026, 5, 5), 1200),
            new Life(rules).Buy(At(2026, 1, 5), 5000)
        );
        rules.PublishedSchemes = [second];
        foreach (var life in new[] { kept, risen, gone })
            life.Pass(At(2026, 12, 1));
        kept.TierFacts.Skip(1)
            .ShouldBe([new SchemeApplied(2, At(2026, 8, 1)), new TierRescheduled("Silver", Midnight(2027, 2, 2), At(2026, 8, 1))]);
        risen
            .TierFacts.Skip(1)
            .ShouldBe([
                new SchemeApplied(2, At(2026, 8, 1)),
                new TierChanged("Silver", "Gold", 1200, At(2026, 8, 1), TierReasons.Scheme, Midnight(2027, 2, 2), Midnight(2026, 2, 2)),
            ]);
        gone.TierFacts.Skip(1)
            .ShouldBe([
                new SchemeApplied(2, At(2026, 8, 1)),
                new TierChanged("Platinum", "Bronze", 0, At(2026, 8, 1), TierReasons.Scheme, null, Midnight(2026, 2, 2)),
            ]);
        kept.Pass(At(2027, 3, 1)).Account.Tier.ShouldBe("Bronze", "by the second version's threshold and window");
        new Life(rules)
            .Buy(At(2026, 7, 30), 600)
            .Account.Tier.ShouldBe(
                "Silver",
                "told late, a purchase is judged by the version of its own day where the account has not gone on"
            );
    }

    [Fact]
    public void a_version_for_life_lowers_nobody_either()
    {
        var rules = With(new() { Window = TierWindow.Calendar });
        var second = new TierScheme
        {
            Version = 2,
            EffectiveFrom = At(2026, 8, 1),
            Tiers = [new() { Name = "Bronze" }, new() { Name = "Silver", From = 800 }, new() { Name = "Gold", From = 1000 }],
        };
        var (kept, risen, gone) = (
            new Life(rules).Buy(At(2026, 5, 5), 600),
            new Life(rules).Buy(At(2026, 5, 5), 1200),
            new Life(rules).Buy(At(2026, 1, 5), 5000)
        );
        rules.PublishedSchemes = [second];
        foreach (var life in new[] { kept, risen, gone })
            life.Pass(At(2028, 12, 1));
        kept.TierFacts.Skip(1).ShouldBe([new SchemeApplied(2, At(2026, 8, 1)), new TierRescheduled("Silver", null, At(2026, 8, 1))]);
        risen
            .TierFacts.Skip(1)
            .ShouldBe([new SchemeApplied(2, At(2026, 8, 1)), new TierChanged("Silver", "Gold", 1200, At(2026, 8, 1), TierReasons.Scheme)]);
        gone.Account.Tier.ShouldBe("Gold", "Platinum is no more, and the points make Gold");
        kept.Return(At(2028, 12, 2), 1, 10).Account.Tier.ShouldBe("Bronze", "a return lowers it, as under any scheme for life");
    }

    [Fact]
    public void a_tiers_multiplier_adds_a_lot_of_its_own_that_does_not_count_for_the_tier()
    {
        var rules = With(
            new()
            {
                Version = 3,
                Tiers =
                [
                    new() { Name = "Bronze" },
                    new()
                    {
                        Name = "Silver",
                        From = 500,
                        Benefits = new() { Multiplier = 1.5m },
                    },
                ],
            }
        );
        var life = new Life(rules).Buy(At(2026, 2, 1), 500).Buy(At(2026, 2, 2), 101);
        var benefit = life.Facts.OfType<PointsEarned>().Last();
        (benefit.Rule, benefit.RuleVersion, benefit.Points, benefit.Qualifying).ShouldBe((EarningRule.TierBenefit, 3, 50, 0));
        (life.Account.Balance, life.Account.QualifyingPoints).ShouldBe((651, 601));
        life.Return(At(2026, 2, 3), 2, 101).Account.Balance.ShouldBe(500, "a return takes it back too");
        new EarningRule { Name = EarningRule.TierBenefit, Points = 1 }
            .Fault()
            .ShouldNotBeNull();
    }

    [Fact]
    public void schemes_that_do_not_hold_together_are_noticed()
    {
        TierScheme good = new() { Window = TierWindow.Calendar, Tiers = FourTiers };
        good.Fault().ShouldBeNull();
        TierScheme[] bad =
        [
            good with
            {
                Tiers = [],
            },
            good with
            {
                Tiers = [.. FourTiers.Skip(1)],
            },
            good with
            {
                Tiers = [.. FourTiers, FourTiers[0]],
            },
            good with
            {
                Months = 5,
            },
            good with
            {
                Months = 0,
            },
            good with
            {
                KeptPeriods = 0,
            },
            good with
            {
                GraceDays = -1,
            },
            good with
            {
                Months = 1,
                GraceDays = 30,
            },
            good with
            {
                Version = 0,
            },
            good with
            {
                Tiers =
                [
                    new()
                    {
                        Name = "a",
                        Benefits = new() { Multiplier = 0.5m },
                    },
                ],
            },
            good with
            {
                Tiers =
                [
                    new()
                    {
                        Name = "a",
                        Benefits = new() { Access = ["Not A Code"] },
                    },
                ],
            },
        ];
        foreach (var scheme in bad)
            scheme.Fault().ShouldNotBeNull();
        With(good).Copy(null).Fault().ShouldBeNull();
        var tooLong = Rules();
        tooLong.Schemes[0] = good with { Window = TierWindow.Rolling, Months = 30 };
        tooLong.Fault().ShouldNotBeNull();
    }
}
