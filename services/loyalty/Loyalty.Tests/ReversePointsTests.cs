using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

public class ReversePointsTests
{
    static LoyaltyAccount Spent(LoyaltyAccount account, long points) =>
        account.After(new RedeemPoints(points, "x").Decide(account, Rules(), Id(99), Day(5)));

    [Fact]
    public void a_partial_return_takes_a_proportional_part_from_the_purchases_own_lot() =>
        new ReversePoints(Id(7), Id(1), 12.50m, Day(6))
            .Decide(Earned(100, 50), Rules())
            .Then(
                new ReturnCounted(Id(7), Id(1), 12.50m, 12.50m, Day(6)),
                new PointsReversed(Id(7), Id(1), LotOf(1), 12, 12, 12.50m, [new(LotOf(1), 12)], 0, 138, Day(6))
            );

    [Fact]
    public void partial_returns_add_up_to_the_whole_one()
    {
        var account = Earned(100).After([new PointsEarned(LotOf(1), Id(1), 10, 0, 10.99m, 1, Day(700), 110, Day(1))]);
        var taken = 0L;
        foreach (var part in new[] { 3.33m, 3.33m, 3.33m, 1.00m })
        {
            var reversed = new ReversePoints(Id(7), Id(1), part, Day(6)).Decide(account, Rules());
            taken += reversed.OfType<PointsReversed>().Single().Points;
            account = account.After(reversed);
        }
        (taken, account.Balance, account.Lots[LotOf(1)].Remaining).ShouldBe((10, 100, 0));
    }

    [Fact]
    public void more_than_was_paid_is_not_taken() =>
        new ReversePoints(Id(7), Id(0), 1000, Day(6)).Decide(Earned(100), Rules()).OfType<PointsReversed>().Single().Points.ShouldBe(100);

    [Fact]
    public void a_return_may_cost_the_tier()
    {
        var events = new ReversePoints(Id(7), Id(1), 450, Day(6)).Decide(Earned(100, 450), Rules());
        events.OfType<TierChanged>().Single().ShouldBe(new TierChanged("Silver", "Bronze", 100, Day(6), TierReasons.Return));
    }

    [Fact]
    public void spent_points_are_taken_from_other_lots_and_the_rest_is_forgiven() =>
        new ReversePoints(Id(7), Id(0), 100, Day(6))
            .Decide(Spent(Earned(100, 50), 120), Rules())
            .Then(
                new ReturnCounted(Id(7), Id(0), 100, 100, Day(6)),
                new PointsReversed(Id(7), Id(0), LotOf(0), 30, 100, 100, [new(LotOf(1), 30)], 0, 0, Day(6))
            );

    [Fact]
    public void or_the_rest_becomes_a_debt_that_the_next_points_repay()
    {
        var rules = Rules(ReturnPolicy.Unlimited);
        var account = Spent(Earned(100, 50), 120);
        var reversed = new ReversePoints(Id(7), Id(0), 100, Day(6)).Decide(account, rules);
        reversed.Then(
            new ReturnCounted(Id(7), Id(0), 100, 100, Day(6)),
            new PointsReversed(Id(7), Id(0), LotOf(0), 100, 100, 100, [new(LotOf(1), 30)], 70, -70, Day(6))
        );
        account = account.After(reversed);
        Should.Throw<RuleViolationException>(() => new RedeemPoints(1, "x").Decide(account, Rules(), Id(98), Day(7)));
        new EarnPoints(Id(3), 100, Day(7))
            .Decide(account, rules)
            .Then(
                new PurchaseCounted(Id(3), "", 100, [], Day(7)),
                new PointsEarned(LotOf(3), Id(3), 100, 70, 100, 1, Day(7).AddMonths(24), 30, Day(7))
            );
    }

    [Fact]
    public void expired_points_are_not_asked_for_again()
    {
        var late = Day(0).AddMonths(24);
        new ReversePoints(Id(7), Id(0), 100, late)
            .Decide(Earned(100, 50), Rules())
            .Then(
                new PointsExpired(LotOf(0), 100, 50, late),
                new ReturnCounted(Id(7), Id(0), 100, 100, late),
                new PointsReversed(Id(7), Id(0), LotOf(0), 0, 100, 100, [], 0, 50, late)
            );
    }

    [Fact]
    public void a_purchase_that_earned_nothing_has_nothing_to_give_back()
    {
        new ReversePoints(Id(7), Id(55), 10, Day(6)).Decide(Earned(100), Rules()).ShouldBeEmpty();
        new ReversePoints(Id(7), Id(0), 0, Day(6)).Decide(Earned(100), Rules()).ShouldBeEmpty();
        new ReversePoints(Id(7), Id(0), 10, Day(6)).Decide(LoyaltyAccount.Initial, Rules()).ShouldBeEmpty();
    }

    [Fact]
    public void what_a_return_claimed_in_vain_is_taken_once_a_cancellation_brings_it_back()
    {
        var account = Spent(Earned(100), 100);
        account = account.After(new ReversePoints(Id(7), Id(0), 100, Day(6)).Decide(account, Rules()));
        account.Balance.ShouldBe(0);
        var cancelled = new CancelRedemption(Id(99)).Decide(account, Rules(), Day(7));
        cancelled.OfType<PointsReversed>().Single().Points.ShouldBe(100);
        account.After(cancelled).Balance.ShouldBe(0);
    }

    [Fact]
    public void what_a_lot_lacks_is_taken_from_the_purchases_other_lots_before_strangers()
    {
        var rules = Rules();
        rules.Rules.Add(
            Set(
                2,
                Day(0),
                new EarningRule
                {
                    Name = "base",
                    PerUnit = 1,
                    Valid = new() { Count = 1 },
                },
                new EarningRule
                {
                    Name = "more",
                    PerUnit = 0.5m,
                    Valid = new() { Count = 36 },
                }
            )
        );
        var account = Earned(80);
        account = account.After(new EarnPoints(Id(5), 100, Day(2)).Decide(account, rules));
        account = account.After(new RedeemPoints(100, "x").Decide(account, rules, Id(9), Day(3)));
        account.Lots[LotOf(5)].Remaining.ShouldBe(0);
        var facts = new ReversePoints(Id(7), Id(5), 50, Day(4)).Decide(account, rules).OfType<PointsReversed>().ToList();
        facts[0].From.ShouldBe([new(LotOf(5, "more"), 50)]);
        facts[1].From.ShouldBe([new(LotOf(0), 25)], "its own points are gone by then");
    }
}
