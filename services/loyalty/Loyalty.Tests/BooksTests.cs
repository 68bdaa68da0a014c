using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>An account that has lived long forgets what was settled long ago, so that its state does not grow for ever.</summary>
public class BooksTests
{
    [Fact]
    public void a_long_life_leaves_a_small_state_and_the_same_balance()
    {
        var (account, rules, facts) = (LoyaltyAccount.Initial, Rules(validMonths: 2), new List<IAccountEvent>());
        for (var day = 0; day < 6 * 365; day++)
        {
            Do(new EarnPoints(Id(day), 10, Day(day)).Decide(account, rules));
            if (day % 5 == 0)
                Do(account.Spendable(Day(day)) >= 20 ? new RedeemPoints(20, "x").Decide(account, rules, Id(10_000 + day), Day(day)) : []);
        }
        account.Lots.Count.ShouldBeLessThan(3 * 365 + 300);
        account.Redemptions.Values.ShouldAllBe(r => r.At >= account.BooksClosedBefore);
        account.Balance.ShouldBe(account.Lots.Values.Sum(l => l.Remaining));
        account.Balance.ShouldBe(
            facts.Sum(f =>
                f switch
                {
                    PointsEarned e => e.Points,
                    PointsRedeemed e => -e.Points,
                    PointsExpired e => -e.Points,
                    _ => 0,
                }
            )
        );
        new EarnPoints(Id(1), 10, Day(1)).Decide(account, rules).ShouldBeEmpty("a purchase of closed books is not earned again");
        new ReversePoints(Id(1), Id(1), 10, Day(6 * 365)).Decide(account, rules).ShouldBeEmpty();

        void Do(IAccountEvent[] events)
        {
            facts.AddRange(events);
            account = account.After(events);
        }
    }

    [Fact]
    public void what_a_kept_redemption_may_give_back_is_kept()
    {
        var account = Earned(100).After([new PointsRedeemed(Id(9), 100, "x", [new(LotOf(0), 100)], 0, Day(50))]);
        account.Evolve(new BooksClosed(Day(60), Day(60))).Lots.ShouldBeEmpty();
        var closed = account.Evolve(new BooksClosed(Day(10), Day(60)));
        closed.After(new CancelRedemption(Id(9)).Decide(closed, Rules(), Day(61))).Balance.ShouldBe(100);
    }
}
