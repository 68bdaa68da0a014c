using static CrmPlatform.Loyalty.Tests.Tiers.GivenTiers;

namespace CrmPlatform.Loyalty.Tests.Tiers;

public class TierFallTests
{
    [Theory]
    [
        InlineData(TierFall.OneDown, 0, "Gold"),
        InlineData(TierFall.ByPoints, 0, "Bronze"),
        InlineData(TierFall.ToBase, 600, "Bronze"),
        InlineData(TierFall.ByPoints, 600, "Silver"),
        InlineData(TierFall.OneDown, 600, "Gold")
    ]
    public void a_tier_that_is_not_kept_falls_as_the_scheme_says(TierFall fall, int points, string to)
    {
        var rules = With(new() { Window = TierWindow.Calendar, AtExpiry = fall });
        var life = new Life(rules).Buy(At(2026, 5, 5), 5000);
        if (points > 0)
            life.Buy(At(2027, 5, 5), points);
        life.Pass(Midnight(2028, 1, 1).AddTicks(-1)).Account.Tier.ShouldBe("Platinum");
        life.Pass(Midnight(2028, 1, 1)).Account.Tier.ShouldBe(to);
    }

    [Fact]
    public void who_earns_what_was_missing_in_the_days_of_grace_never_loses_the_tier()
    {
        var rules = With(new() { Window = TierWindow.Calendar, GraceDays = 30 });
        var life = new Life(rules).Buy(At(2026, 5, 5), 500).Buy(At(2027, 5, 5), 450).Pass(At(2028, 1, 10));
        life.TierFacts.Last().ShouldBe(new TierGraceBegun("Silver", 450, Midnight(2028, 1, 31), Midnight(2028, 1, 1)));
        var standing = life.Standing(At(2028, 1, 10));
        (standing.Tier, standing.GraceUntil, standing.StayInTierPoints, standing.ProjectedTier).ShouldBe(
            ("Silver", Midnight(2028, 1, 31), 50, "Bronze")
        );
        life.Buy(At(2028, 1, 20), 49).Account.GraceUntil.ShouldNotBeNull();
        life.Buy(At(2028, 1, 21), 1)
            .TierFacts.Last()
            .ShouldBe(new TierKept("Silver", 500, Midnight(2029, 1, 1), Midnight(2027, 1, 1), At(2028, 1, 21)));
        life.Facts.OfType<TierChanged>().Count().ShouldBe(1, "nobody ever told of a fall");
    }

    [Fact]
    public void after_the_days_of_grace_the_tier_falls_at_their_end()
    {
        var rules = With(new() { Window = TierWindow.Calendar, GraceDays = 30 });
        var life = new Life(rules).Buy(At(2026, 5, 5), 500).Pass(At(2028, 6, 1));
        life.TierFacts.Skip(1)
            .ShouldBe([
                new TierGraceBegun("Silver", 0, Midnight(2028, 1, 31), Midnight(2028, 1, 1)),
                new TierChanged("Silver", "Bronze", 0, Midnight(2028, 1, 31), TierReasons.Review, null, Midnight(2027, 1, 1)),
            ]);
    }

    [Fact]
    public void a_return_that_takes_away_what_a_tier_was_reached_with_lowers_it_by_one_at_most()
    {
        var rules = With(new() { Window = TierWindow.Calendar });
        var life = new Life(rules).Buy(At(2026, 5, 5), 5000).Buy(At(2026, 6, 6), 100).Return(At(2026, 6, 7), 2, 100);
        life.Account.Tier.ShouldBe("Platinum", "it was not reached with that");
        life.Return(At(2026, 7, 1), 1, 5000);
        life.TierFacts.Last().ShouldBe(new TierChanged("Platinum", "Gold", 0, At(2026, 7, 1), TierReasons.Return, Midnight(2028, 1, 1)));
    }

    [Fact]
    public void a_return_of_an_older_periods_purchase_takes_nothing_from_this_periods_points()
    {
        var rules = With(new() { Window = TierWindow.Calendar });
        var life = new Life(rules).Buy(At(2026, 12, 30), 100).Buy(At(2027, 1, 5), 500).Return(At(2027, 1, 6), 1, 100);
        (life.Account.Tier, life.Standing(At(2027, 1, 7)).QualifyingPoints).ShouldBe(("Silver", 500));
    }

    [Fact]
    public void a_scheme_may_leave_returns_alone()
    {
        var rules = With(new() { Window = TierWindow.Calendar, RecheckOnReturn = false });
        new Life(rules).Buy(At(2026, 5, 5), 500).Return(At(2026, 5, 6), 1, 500).Account.Tier.ShouldBe("Silver");
    }

    [Fact]
    public void a_tier_for_life_falls_by_one_at_most_and_earning_lowers_it_no_further()
    {
        var life = new Life(With(new())).Buy(At(2026, 5, 5), 5000).Buy(At(2026, 5, 6), 100).Return(At(2026, 5, 7), 1, 5000);
        life.TierFacts.Last().ShouldBe(new TierChanged("Platinum", "Gold", 100, At(2026, 5, 7), TierReasons.Return));
        life.Buy(At(2026, 5, 8), 10).Pass(At(2030, 1, 1)).Account.Tier.ShouldBe("Gold");
        life.Buy(At(2030, 1, 2), 0.5m).Return(At(2030, 1, 3), 4, 0.5m).Account.Tier.ShouldBe("Gold", "it took no points away");
        life.Return(At(2030, 1, 4), 3, 10).Account.Tier.ShouldBe("Silver");
        life.Buy(At(2030, 1, 5), 5000).Account.Tier.ShouldBe("Platinum");
    }

    [Fact]
    public void a_scheme_for_life_may_leave_returns_alone_too() =>
        new Life(With(new() { RecheckOnReturn = false }))
            .Buy(At(2026, 5, 5), 500)
            .Return(At(2026, 5, 6), 1, 500)
            .Buy(At(2026, 5, 7), 1)
            .Account.Tier.ShouldBe("Silver");
}
