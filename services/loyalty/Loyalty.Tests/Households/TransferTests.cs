using static CrmPlatform.Loyalty.Tests.Given;
using static CrmPlatform.Loyalty.Tests.Households.GivenHousehold;

namespace CrmPlatform.Loyalty.Tests.Households;

public class TransferTests
{
    static string Refused(Func<object> decide) => Should.Throw<RuleViolationException>(() => decide()).Code;

    static Guid In(int purchase, int transfer = 800) => Lot.IdOf(Id(transfer), LotOf(purchase).ToString());

    [Fact]
    public void points_go_lot_by_lot_with_their_dates_and_count_for_no_tier()
    {
        var (ann, bob) = (Earned(100, 50), Open);
        var done = Transfer(120, ann, bob);
        done.Sender.Then(
            new PointsTransferredOut(
                Id(800),
                Bob,
                120,
                [new(LotOf(0), 100), new(LotOf(1), 20)],
                new(2026, 2, 10, 16, 0, 0, TimeSpan.Zero),
                30,
                Day(40)
            )
        );
        done.Receiver.Then(
            new PointsTransferredIn(
                Id(800),
                Ann,
                120,
                0,
                [new(In(0), 100, 100, Day(0), ann.Lots[LotOf(0)].ExpiresAt), new(In(1), 20, 20, Day(1), ann.Lots[LotOf(1)].ExpiresAt)],
                120,
                Day(40)
            )
        );
        (ann, bob) = (ann.After(done.Sender), bob.After(done.Receiver));
        (ann.Balance, ann.QualifyingPoints, bob.Balance, bob.QualifyingPoints, bob.Spendable(Day(40))).ShouldBe((30, 150, 120, 0, 120));
        Transfer(120, ann, bob).ShouldSatisfyAllConditions(again => again.Sender.ShouldBeEmpty(), again => again.Receiver.ShouldBeEmpty());
    }

    [Fact]
    public void pooling_prolongs_no_life_not_even_through_many_hands()
    {
        var (ann, expires) = (Earned(100), Earned(100).Lots[LotOf(0)].ExpiresAt);
        var (bob, from, day) = (Open, ann, 40);
        for (var i = 0; i < 6; i++)
        {
            var done = Transfer(100, from, bob, now: Day(day += 20), id: Id(700 + i));
            (from, bob) = (bob.After(done.Receiver), from.After(done.Sender));
        }
        from.Lots.Values.Single(l => l.Remaining > 0)
            .ShouldSatisfyAllConditions(l => l.ExpiresAt.ShouldBe(expires), l => l.EarnedAt.ShouldBe(Day(0)));
        PassTime.Decide(from, Rules(), expires).OfType<PointsExpired>().Single().Points.ShouldBe(100);
    }

    [Fact]
    public void points_that_live_by_activity_keep_the_expiry_that_they_had()
    {
        var rules = Rules();
        rules.Rules.Clear();
        rules.Rules.Add(
            Set(
                1,
                Day(-100),
                new EarningRule
                {
                    Name = "base",
                    PerUnit = 1,
                    Valid = new() { Count = 3, Unit = ExpiryUnit.Inactivity },
                }
            )
        );
        var ann = LoyaltyAccount.Initial.After(new EarnPoints(Id(0), 100, Day(0)).Decide(LoyaltyAccount.Initial, rules));
        var bob = LoyaltyAccount.Initial.After(new EarnPoints(Id(1), 10, Day(0)).Decide(LoyaltyAccount.Initial, rules));
        var done = Transfer(60, ann, bob, rules: rules);
        done.Sender.ShouldNotContain(f => f is ExpiryMoved);
        bob = bob.After(done.Receiver);
        bob = bob.After(new EarnPoints(Id(2), 5, Day(60)).Decide(bob, rules));
        (bob.Lots[LotOf(1)].ExpiresAt > ann.Lots[LotOf(0)].ExpiresAt, bob.Lots[In(0)].ExpiresAt).ShouldBe(
            (true, ann.Lots[LotOf(0)].ExpiresAt)
        );
    }

    [Fact]
    public void a_debt_of_the_receiver_is_repaid_first_and_who_has_a_debt_sends_nothing()
    {
        var rules = Rules(ReturnPolicy.Unlimited);
        var indebted = Earned(100);
        indebted = indebted.After(new RedeemPoints(100, "x").Decide(indebted, rules, Id(50), Day(2)));
        indebted = indebted.After(new ReversePoints(Id(60), Id(0), 70, Day(3)).Decide(indebted, rules));
        var done = Transfer(100, Earned(40, 60), indebted, rules: rules);
        var into = done.Receiver.OfType<PointsTransferredIn>().Single();
        (into.Repaid, into.Balance).ShouldBe((70, 30));
        into.Lots.Select(l => l.Remaining).ShouldBe([0, 30]);
        var after = indebted.After(done.Receiver);
        (after.Debt, after.Balance, after.Spendable(Day(40))).ShouldBe((0, 30, 30));
        Refused(() => Transfer(1, indebted, rules: rules)).ShouldBe("insufficient-points");
    }

    [Fact]
    public void a_redemption_of_transferred_points_goes_back_to_them()
    {
        var bob = Open.After(Transfer(100, Earned(100)).Receiver);
        bob = bob.After(new RedeemPoints(70, "x").Decide(bob, Rules(), Id(50), Day(41)));
        var back = new CancelRedemption(Id(50)).Decide(bob, Rules(), Day(42)).OfType<RedemptionCancelled>().Single();
        back.To.ShouldBe([new(In(0), 70)]);
    }
}
