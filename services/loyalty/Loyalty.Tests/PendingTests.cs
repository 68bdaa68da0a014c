using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>Points that wait: for days, for an instant, for an action.</summary>
public class PendingTests
{
    static LoyaltyRules With(Hold hold, ReturnPolicy returns = ReturnPolicy.WithinBalance)
    {
        var rules = Rules(returns);
        rules.Rules.Add(
            Set(
                2,
                Day(0),
                new EarningRule
                {
                    Name = "base",
                    PerUnit = 1,
                    Hold = hold,
                    Valid = new() { Count = 6 },
                }
            )
        );
        return rules;
    }

    static LoyaltyAccount Bought(LoyaltyRules rules, decimal net = 600) =>
        LoyaltyAccount.Initial.After(new EarnPoints(Id(1), net, Day(1)).Decide(LoyaltyAccount.Initial, rules));

    /// <summary>Noon UTC of day 1 is the evening of day 1 in Shanghai; fourteen days later begins at 16:00 UTC of the day before.</summary>
    static readonly DateTimeOffset unlocked = new(2026, 1, 15, 16, 0, 0, TimeSpan.Zero);

    [Fact]
    public void pending_points_are_in_the_balance_but_not_spendable_and_make_no_tier()
    {
        var account = Bought(With(new() { Days = 14 }));
        (account.Balance, account.Spendable(Day(14)), account.Tier, account.QualifyingPoints).ShouldBe((600, 0, "Bronze", 0));
        Should.Throw<RuleViolationException>(() =>
            new RedeemPoints(1, "x").Decide(account, With(new() { Days = 14 }), Id(9), unlocked.AddTicks(-1))
        );
    }

    [Fact]
    public void they_are_unlocked_at_their_instant_whoever_comes_first_and_last_from_then_on()
    {
        var rules = With(new() { Days = 14 });
        var expected = new IAccountEvent[]
        {
            new PointsUnlocked(LotOf(1), 600, 0, 600, unlocked.AddMonths(6), 600, unlocked),
            new TierChanged("Bronze", "Silver", 600, unlocked, TierReasons.Qualified),
        };
        PassTime.Decide(Bought(rules), rules, Day(90)).Then(expected);
        PassTime.Decide(Bought(rules), rules, unlocked.AddTicks(-1)).ShouldBeEmpty();
        new RedeemPoints(100, "x")
            .Decide(Bought(rules), rules, Id(9), unlocked)
            .Then([.. expected, new PointsRedeemed(Id(9), 100, "x", [new(LotOf(1), 100)], 500, unlocked)]);
    }

    [Fact]
    public void an_action_unlocks_what_waits_for_it()
    {
        var rules = With(new() { Action = "delivered" });
        var account = Bought(rules);
        new UnlockPoints(Id(1), "paid").Decide(account, rules, Day(8)).ShouldBeEmpty();
        var facts = new UnlockPoints(Id(1), "delivered").Decide(account, rules, Day(8));
        facts.Then(
            new PointsUnlocked(LotOf(1), 600, 0, 600, Day(8).AddMonths(6), 600, Day(8)),
            new TierChanged("Bronze", "Silver", 600, Day(8), TierReasons.Qualified)
        );
        new UnlockPoints(Id(1), "delivered").Decide(account.After(facts), rules, Day(9)).ShouldBeEmpty();
    }

    [Fact]
    public void a_return_cancels_what_is_pending()
    {
        var rules = With(new() { Days = 14 }, ReturnPolicy.OnlyPending);
        var account = Bought(rules);
        account = account.After(new ReversePoints(Id(7), Id(1), 200, Day(2)).Decide(account, rules));
        (account.Balance, account.QualifyingPoints).ShouldBe((400, 0));
        PassTime
            .Decide(account, rules, Day(90))
            .OfType<PointsUnlocked>()
            .Single()
            .ShouldBe(new(LotOf(1), 400, 0, 400, unlocked.AddMonths(6), 400, unlocked));
        account = account.After(new ReversePoints(Id(7), Id(1), 400, Day(3)).Decide(account, rules));
        (account.Balance, account.Settled).ShouldBe((0, 1));
        PassTime.Decide(account, rules, Day(90)).ShouldBeEmpty("a lot that was wholly returned waits for nothing");
    }

    [Fact]
    public void where_only_pending_points_are_taken_back_the_others_stay_but_make_no_tier()
    {
        var rules = Rules(ReturnPolicy.OnlyPending);
        var facts = new ReversePoints(Id(7), Id(0), 600, Day(6)).Decide(Earned(600), rules);
        facts.OfType<PointsReversed>().Single().ShouldSatisfyAllConditions(r => r.Points.ShouldBe(0), r => r.Qualifying.ShouldBe(600));
        facts.OfType<TierChanged>().Single().To.ShouldBe("Bronze");
    }

    [Fact]
    public void activity_keeps_alive_what_expires_by_inactivity()
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
                    Valid = new() { Count = 3, Unit = ExpiryUnit.Inactivity },
                }
            )
        );
        var account = Bought(rules, 100);
        var facts = new RedeemPoints(10, "x").Decide(account, rules, Id(9), Day(61));
        facts.OfType<ExpiryMoved>().Single().ShouldBe(new(Day(61).AddMonths(3), Day(61)));
        account = account.After(facts);
        PassTime.Decide(account, rules, Day(120)).ShouldBeEmpty();
        PassTime.Decide(account, rules, Day(365)).Then(new PointsExpired(LotOf(1), 90, 0, Day(61).AddMonths(3)));
    }
}
