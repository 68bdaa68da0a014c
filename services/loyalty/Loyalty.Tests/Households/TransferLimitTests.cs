using CrmPlatform.Loyalty.Households;
using static CrmPlatform.Loyalty.Tests.Given;
using static CrmPlatform.Loyalty.Tests.Households.GivenHousehold;

namespace CrmPlatform.Loyalty.Tests.Households;

public class TransferLimitTests
{
    static string Refused(Func<object> decide) => Should.Throw<RuleViolationException>(() => decide()).Code;

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
}
