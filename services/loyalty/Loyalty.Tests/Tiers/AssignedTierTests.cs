using static CrmPlatform.Loyalty.Tests.Given;
using static CrmPlatform.Loyalty.Tests.Tiers.GivenTiers;

namespace CrmPlatform.Loyalty.Tests.Tiers;

public class AssignedTierTests
{
    [Fact]
    public void a_given_tier_stands_until_it_is_lifted_whatever_the_points_say()
    {
        var rules = With(new() { Window = TierWindow.Calendar });
        var life = new Life(rules).Do(a => new AssignTier("Gold", "press").Decide(a, rules, "chen", At(2026, 2, 1)));
        life.Buy(At(2026, 3, 1), 6000).Pass(At(2028, 3, 1)).Account.Tier.ShouldBe("Gold");
        var standing = life.Standing(At(2028, 3, 1));
        (standing.Assigned, standing.ExpiresAt, standing.PointsToNext, standing.StayInTierPoints).ShouldBe(
            (new AssignedTier("press", "chen", null), null, null, null)
        );
        life.Do(a => new AssignTier("Gold", "press").Decide(a, rules, "chen", At(2028, 3, 2)))
            .Facts.OfType<TierAssigned>()
            .Count()
            .ShouldBe(1, "the same again changes nothing");
        life.Do(a => new ReleaseTier("contract-over").Decide(a, rules, "li", At(2028, 4, 1)));
        life.TierFacts.TakeLast(2)
            .ShouldBe([
                new TierReleased("li", "contract-over", At(2028, 4, 1)),
                new TierChanged("Gold", "Bronze", 0, At(2028, 4, 1), TierReasons.ManualEnded, null, Midnight(2028, 1, 1)),
            ]);
        Should
            .Throw<RuleViolationException>(() => new ReleaseTier("again").Decide(life.Account, rules, "li", At(2028, 4, 2)))
            .Code.ShouldBe("tier-not-assigned");
    }

    [Fact]
    public void a_given_tier_ends_at_its_instant_and_the_points_of_then_decide()
    {
        var rules = With(new() { Window = TierWindow.Calendar });
        var life = new Life(rules)
            .Do(a => new AssignTier("Platinum", "press", At(2026, 6, 1)).Decide(a, rules, "chen", At(2026, 2, 1)))
            .Buy(At(2026, 3, 1), 2500);
        life.Standing(At(2026, 3, 2)).ProjectedTier.ShouldBe("Gold");
        life.Pass(At(2026, 9, 1))
            .TierFacts.TakeLast(2)
            .ShouldBe([
                new TierReleased(null, null, At(2026, 6, 1)),
                new TierChanged(
                    "Platinum",
                    "Gold",
                    2500,
                    At(2026, 6, 1),
                    TierReasons.ManualEnded,
                    Midnight(2028, 1, 1),
                    Midnight(2026, 1, 1)
                ),
            ]);
    }

    [Fact]
    public void tiers_that_nobody_knows_or_that_are_over_are_not_given()
    {
        var life = new Life(Rules());
        Should
            .Throw<RuleViolationException>(() => new AssignTier("Diamond", "x").Decide(life.Account, Rules(), "chen", At(2026, 2, 1)))
            .Code.ShouldBe("unknown-tier");
        Should
            .Throw<RuleViolationException>(() =>
                new AssignTier("Gold", "x", At(2026, 2, 1)).Decide(life.Account, Rules(), "chen", At(2026, 2, 1))
            )
            .Code.ShouldBe("already-over");
        life.Do(_ => [new HolderForgotten(At(2026, 1, 15))]);
        Should
            .Throw<RuleViolationException>(() => new AssignTier("Gold", "x").Decide(life.Account, Rules(), "chen", At(2026, 2, 1)))
            .Code.ShouldBe("customer-forgotten");
    }
}
