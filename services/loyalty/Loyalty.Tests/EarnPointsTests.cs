using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

public class EarnPointsTests
{
    static PurchaseCounted Counted(int purchase, decimal net, int day) => new(Id(purchase), "", net, [], Day(day));

    [Fact]
    public void a_first_purchase_opens_the_account_and_earns_a_point_per_whole_unit() =>
        new EarnPoints(Id(1), 120.99m, Day(1))
            .Decide(LoyaltyAccount.Initial, Rules())
            .Then(
                new AccountOpened("Bronze", Day(1)),
                Counted(1, 120.99m, 1),
                new PointsEarned(LotOf(1), Id(1), 120, 0, 120.99m, 1, Day(1).AddMonths(24), 120, Day(1))
            );

    [Fact]
    public void a_registered_customer_has_an_account_once()
    {
        var opened = OpenAccount.Decide(LoyaltyAccount.Initial, Rules(), Day(1));
        opened.Then(new AccountOpened("Bronze", Day(1)));
        OpenAccount.Decide(Account(opened), Rules(), Day(2)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0), InlineData(0.99), InlineData(-5)]
    public void a_purchase_of_less_than_a_unit_earns_nothing_and_is_fine(decimal net) =>
        new EarnPoints(Id(2), net, Day(2)).Decide(Earned(10), Rules()).Then(Counted(2, net, 2));

    [Fact]
    public void the_same_purchase_earns_once() => new EarnPoints(Id(0), 10, Day(3)).Decide(Earned(10), Rules()).ShouldBeEmpty();

    [Fact]
    public void crossing_a_tier_changes_it_at_once() =>
        new EarnPoints(Id(1), 1600, Day(1))
            .Decide(Earned(400), Rules())
            .Then(
                Counted(1, 1600, 1),
                new PointsEarned(LotOf(1), Id(1), 1600, 0, 1600, 1, Day(1).AddMonths(24), 2000, Day(1)),
                new TierChanged("Bronze", "Gold", 2000, Day(1), TierReasons.Qualified)
            );

    [Fact]
    public void spending_does_not_lower_the_tier()
    {
        var account = Earned(600);
        account.Tier.ShouldBe("Silver");
        account = account.After(new RedeemPoints(600, "voucher").Decide(account, Rules(), Id(9), Day(2)));
        (account.Tier, account.QualifyingPoints, account.Balance).ShouldBe(("Silver", 600, 0));
    }

    [Fact]
    public void a_purchase_earns_by_the_rule_of_its_own_date_whenever_it_arrives()
    {
        var rules = Rules();
        rules.Rules.Add(
            Set(
                2,
                Day(10),
                new EarningRule
                {
                    Name = "base",
                    PerUnit = 2.5m,
                    Valid = new() { Count = 6 },
                }
            )
        );
        new EarnPoints(Id(5), 9, Day(10))
            .Decide(Earned(1), rules)
            .Then(Counted(5, 9, 10), new PointsEarned(LotOf(5), Id(5), 22, 0, 9, 2, Day(10).AddMonths(6), 23, Day(10)));
        new EarnPoints(Id(5), 9, Day(10).AddTicks(-1)).Decide(Earned(1), rules).OfType<PointsEarned>().Single().RuleVersion.ShouldBe(1);
        new EarnPoints(Id(5), 9, Day(-20_000)).Decide(Earned(1), rules).Then(Counted(5, 9, -20_000));
    }

    [Fact]
    public void points_beyond_reason_are_refused_instead_of_overflowing() =>
        Should
            .Throw<RuleViolationException>(() => new EarnPoints(Id(5), 1e20m, Day(1)).Decide(Earned(1), Rules()))
            .Code.ShouldBe("too-many-points");

    [Theory]
    [InlineData(0, "Bronze", 500L), InlineData(499, "Bronze", 1L), InlineData(500, "Silver", 1500L), InlineData(1999, "Silver", 1L)]
    [InlineData(2000, "Gold", 3000L), InlineData(5000, "Platinum", null), InlineData(-3, "Bronze", 503L)]
    public void tiers_begin_at_0_500_2000_and_5000(long qualifying, string tier, long? toNext)
    {
        var standing = Standing.Of(Id(1), LoyaltyAccount.Initial with { Tier = tier, QualifyingPoints = qualifying }, Rules(), Day(0));
        Rules().SchemeAt(Day(0)).For(qualifying).Name.ShouldBe(tier);
        (standing.PointsToNext, standing.ProjectedTier, standing.ExpiresAt).ShouldBe((toNext, tier, null));
    }

    [Fact]
    public void rules_that_contradict_themselves_are_noticed()
    {
        Rules().Fault().ShouldBeNull();
        new LoyaltyRules().Fault().ShouldNotBeNull();
        var twice = Rules();
        twice.Rules.Add(twice.Rules[0]);
        twice.Fault().ShouldNotBeNull();
        var falling = Rules();
        falling.Schemes[0] = new() { Tiers = [.. FourTiers, new() { Name = "Diamond", From = 100 }] };
        falling.Fault().ShouldNotBeNull();
    }
}
