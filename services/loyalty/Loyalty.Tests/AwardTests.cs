using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

public class AwardTests
{
    static readonly EarningRule basis = new() { Name = "base", PerUnit = 1 };

    [Fact]
    public void each_award_is_a_lot_of_its_own_that_names_rule_and_version()
    {
        var rules = Rules();
        rules.Rules.Add(
            Set(
                7,
                Day(0),
                basis with
                {
                    Qualifying = 0.5m,
                },
                new EarningRule
                {
                    Name = "double",
                    Multiply = 2,
                    Qualifying = 0,
                    Valid = new() { Count = 0, Round = ExpiryRound.Year },
                }
            )
        );
        new EarnPoints(Id(1), 101, Day(1), "web", [new("p", null, 101)])
            .Decide(Earned(10), rules)
            .Then(
                new PurchaseCounted(Id(1), "web", 101, [new("p", null, 101)], Day(1)),
                new PointsEarned(LotOf(1), Id(1), 101, 0, 101, 7, Day(1).AddMonths(24), 111, Day(1), "base", Qualifying: 50),
                new PointsEarned(
                    LotOf(1, "double"),
                    Id(1),
                    101,
                    0,
                    101,
                    7,
                    new(2026, 12, 31, 16, 0, 0, TimeSpan.Zero),
                    212,
                    Day(1),
                    "double",
                    Qualifying: 0
                )
            );
    }

    [Fact]
    public void a_return_takes_from_each_award_of_its_purchase_in_proportion()
    {
        var rules = Rules();
        rules.Rules.Add(
            Set(
                2,
                Day(0),
                basis,
                new EarningRule
                {
                    Name = "double",
                    Multiply = 2,
                    Qualifying = 0,
                }
            )
        );
        var account = LoyaltyAccount.Initial.After(new EarnPoints(Id(1), 100, Day(1)).Decide(LoyaltyAccount.Initial, rules));
        account = account.After(new ReversePoints(Id(9), Id(1), 25, Day(2)).Decide(account, rules));
        (account.Balance, account.QualifyingPoints).ShouldBe((150, 75));
    }
}
