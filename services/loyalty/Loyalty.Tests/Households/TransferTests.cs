using CrmPlatform.Loyalty.Households;
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
    public void pending_expired_young_and_missing_points_cannot_go()
    {
        var rules = Rules();
        rules.Rules.Clear();
        rules.Rules.Add(
            Set(
                1,
                Day(-100),
                new()
                {
                    Name = "base",
                    PerUnit = 1,
                    Valid = new() { Count = 2 },
                },
                new()
                {
                    Name = "later",
                    PerUnit = 1,
                    Hold = new() { Days = 50 },
                }
            )
        );
        var ann = LoyaltyAccount.Initial.After(new EarnPoints(Id(0), 100, Day(0)).Decide(LoyaltyAccount.Initial, rules));
        Refused(() => Transfer(101, ann, rules: rules)).ShouldBe("insufficient-points");
        Transfer(100, ann, rules: rules).Sender.OfType<PointsTransferredOut>().Single().Balance.ShouldBe(100, "the pending ones");
        Refused(() => Transfer(100, ann, rules: rules, limits: WithAge(41))).ShouldBe("insufficient-points");
        Transfer(100, ann, rules: rules, limits: WithAge(40)).Sender.ShouldNotBeEmpty();
        // What time has done is written down first: one lot was unlocked on day 50, the other one expired on day 59.
        Transfer(1, ann, rules: rules, now: Day(70))
            .Sender.Select(f => f.GetType())
            .ShouldBe([typeof(PointsUnlocked), typeof(PointsExpired), typeof(PointsTransferredOut)]);
        Transfer(1, ann, rules: rules, now: Day(70))
            .Receiver.OfType<PointsTransferredIn>()
            .Single()
            .Lots.Single()
            .ExpiresAt.ShouldBe(ann.After(PassTime.Decide(ann, rules, Day(70))).Lots[LotOf(0, "later")].ExpiresAt);

        static HouseholdRules WithAge(int days)
        {
            var free = Free();
            free.MinAgeDays = days;
            return free;
        }
    }

    [Fact]
    public void limits_are_those_of_the_sender_in_a_day_and_a_month_of_the_business()
    {
        var limits = new HouseholdRules
        {
            MostPerTransfer = 60,
            MostPerDay = 100,
            MostPerMonth = 150,
            MinDaysInHousehold = 0,
            MinAgeDays = 0,
        };
        var (ann, n) = (Earned(1_000), 0);
        // 16:00 UTC is midnight in Shanghai; day 40 is 10 February.
        bool Sent(long points, DateTimeOffset at)
        {
            ann = ann.After(Transfer(points, ann, limits: limits, now: at, id: Id(700 + n++)).Sender);
            return true;
        }
        Refused(() => Sent(61, Day(40))).ShouldBe("most-per-transfer");
        Sent(60, Day(40));
        Sent(40, Day(40).AddMinutes(239));
        Refused(() => Sent(1, Day(40).AddMinutes(239))).ShouldBe("most-per-day");
        Sent(50, Day(40).AddMinutes(240));
        Refused(() => Sent(1, Day(50))).ShouldBe("most-per-month");
        Sent(60, new(2026, 2, 28, 16, 0, 0, TimeSpan.Zero));
        // What comes in is nobody's quota.
        ann = ann.After(TransferPoints.In(ann, Rules(), Id(600), Bob, [new(Id(601), 1_000, 0, Day(0), Day(900))], Day(60)));
        Sent(40, new(2026, 3, 1, 15, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void only_members_who_have_been_in_one_household_long_enough()
    {
        TransferPoints.Decision Do(
            Belonging? from = null,
            Belonging? to = null,
            LoyaltyAccount? bob = null,
            LoyaltyAccount? ann = null,
            int days = 0
        )
        {
            var limits = Free();
            limits.MinDaysInHousehold = days;
            return new TransferPoints(10, Bob).Decide(
                Id(800),
                Ann,
                ann ?? Earned(100),
                from ?? Since(0),
                bob ?? Open,
                to ?? Since(0),
                limits,
                Rules(),
                Day(40)
            );
        }
        Do().Sender.ShouldNotBeEmpty();
        Refused(() => Do(from: Belonging.Initial, to: Belonging.Initial)).ShouldBe("not-in-one-household");
        Refused(() => Do(to: new() { HouseholdId = Id(901), Since = Day(0) })).ShouldBe("not-in-one-household");
        Refused(() => Do(to: Since(34), days: 7)).ShouldBe("too-new-in-household");
        Refused(() => Do(from: Since(34), days: 7)).ShouldBe("too-new-in-household");
        Do(to: Since(33), days: 7).Sender.ShouldNotBeEmpty();
        Refused(() => Do(bob: Open.Evolve(new HolderForgotten(Day(1))))).ShouldBe("customer-forgotten");
        Refused(() => Do(ann: Earned(100).Evolve(new HolderForgotten(Day(1))))).ShouldBe("customer-forgotten");
        Should.Throw<NotFoundException>(() => Do(bob: LoyaltyAccount.Initial));
        Should.Throw<NotFoundException>(() => Do(ann: LoyaltyAccount.Initial));
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
