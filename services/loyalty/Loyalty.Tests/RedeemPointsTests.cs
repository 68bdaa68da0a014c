using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

public class RedeemPointsTests
{
    static readonly RedeemPoints command = new(120, "voucher");

    [Fact]
    public void a_debit_is_split_over_lots_those_that_expire_first_go_first() =>
        command
            .Decide(Earned(100, 50), Rules(), Id(9), Day(3))
            .Then(new PointsRedeemed(Id(9), 120, "voucher", [new(LotOf(0), 100), new(LotOf(1), 20)], 30, Day(3)));

    [Fact]
    public void what_expires_first_goes_first_even_when_it_was_earned_later()
    {
        var account = Account(
            new AccountOpened("Bronze", Day(0)),
            new PointsEarned(LotOf(1), Id(1), 100, 0, 100, 1, Day(90), 100, Day(0)),
            new PointsEarned(LotOf(2), Id(2), 100, 0, 100, 2, Day(30), 200, Day(5))
        );
        command
            .Decide(account, Rules(), Id(9), Day(6))
            .OfType<PointsRedeemed>()
            .Single()
            .From.ShouldBe([new(LotOf(2), 100), new(LotOf(1), 20)]);
    }

    [Fact]
    public void more_than_the_balance_is_refused()
    {
        var refusal = Should.Throw<RuleViolationException>(() => command.Decide(Earned(119), Rules(), Id(9), Day(3)));
        (refusal.Code, refusal.Field).ShouldBe(("insufficient-points", "points"));
    }

    [Fact]
    public void the_same_redemption_is_made_once()
    {
        var account = Earned(500);
        account = account.After(command.Decide(account, Rules(), Id(9), Day(3)));
        command.Decide(account, Rules(), Id(9), Day(3)).ShouldBeEmpty();
    }

    [Fact]
    public void at_the_instant_of_expiry_the_points_are_gone_though_nobody_has_written_it_down()
    {
        var (account, expiry) = (Earned(100, 50), Day(0).AddMonths(24));
        new RedeemPoints(150, "x").Decide(account, Rules(), Id(9), expiry.AddTicks(-1)).Length.ShouldBe(1);
        Should.Throw<RuleViolationException>(() => new RedeemPoints(51, "x").Decide(account, Rules(), Id(9), expiry));
        new RedeemPoints(50, "x")
            .Decide(account, Rules(), Id(9), expiry)
            .Then(new PointsExpired(LotOf(0), 100, 50, expiry), new PointsRedeemed(Id(9), 50, "x", [new(LotOf(1), 50)], 0, expiry));
    }

    [Fact]
    public void points_of_a_purchase_that_is_yet_to_come_cannot_be_spent() =>
        Should.Throw<RuleViolationException>(() => new RedeemPoints(1, "x").Decide(Earned(100), Rules(), Id(9), Day(0).AddTicks(-1)));

    [Fact]
    public void nobody_spends_the_points_of_a_forgotten_customer() =>
        Should
            .Throw<RuleViolationException>(() =>
                new RedeemPoints(1, "x").Decide(Earned(100).Evolve(new HolderForgotten(Day(1))), Rules(), Id(9), Day(2))
            )
            .Code.ShouldBe("customer-forgotten");

    [Fact]
    public void a_cancelled_redemption_gives_the_points_back_to_their_lots()
    {
        var account = Earned(100, 50);
        account = account.After(command.Decide(account, Rules(), Id(9), Day(3)));
        var cancelled = new CancelRedemption(Id(9)).Decide(account, Rules(), Day(4));
        cancelled.Then(new RedemptionCancelled(Id(9), 120, 0, [new(LotOf(0), 100), new(LotOf(1), 20)], 150, Day(4)));
        var after = account.After(cancelled);
        after.Lots.ShouldBe(Earned(100, 50).Lots, ignoreOrder: true);
        new CancelRedemption(Id(9)).Decide(after, Rules(), Day(5)).ShouldBeEmpty();
    }

    [Fact]
    public void what_comes_back_after_its_expiry_expires_then()
    {
        var account = Earned(100, 50);
        account = account.After(command.Decide(account, Rules(), Id(9), Day(3)));
        var late = Day(0).AddMonths(24).AddHours(1);
        new CancelRedemption(Id(9))
            .Decide(account, Rules(), late)
            .Then(
                new RedemptionCancelled(Id(9), 120, 0, [new(LotOf(0), 100), new(LotOf(1), 20)], 150, late),
                new PointsExpired(LotOf(0), 100, 50, late)
            );
    }
}
