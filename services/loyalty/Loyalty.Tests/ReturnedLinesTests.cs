using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>A return that says what came back takes the points that were earned with it.</summary>
public class ReturnedLinesTests
{
    static readonly Line[] bought = [new("p1", "toys", 30.50m), new("p2", "books", 70.40m)];

    /// <summary>The rules of the README's example; tiers are left out of the condition.</summary>
    static LoyaltyRules Example()
    {
        var rules = Rules();
        rules.Rules.Add(
            Set(
                2,
                Day(0),
                new() { Name = "base", PerUnit = 1 },
                new()
                {
                    Name = "toys-week",
                    PerUnit = 2,
                    When = new() { Categories = ["toys"] },
                    Hold = new() { Action = "delivered" },
                },
                new()
                {
                    Name = "gold",
                    Multiply = 1.5m,
                    Qualifying = 0,
                }
            )
        );
        return rules;
    }

    static LoyaltyAccount Bought(LoyaltyRules rules) =>
        Account(new EarnPoints(Id(1), 100.90m, Day(1), "web", bought).Decide(LoyaltyAccount.Initial, rules));

    static (LoyaltyAccount After, (string, long)[] Taken) Back(
        LoyaltyAccount account,
        LoyaltyRules rules,
        decimal net,
        params ReturnedLine[] lines
    )
    {
        var facts = new ReversePoints(Id(7), Id(1), net, Day(2), lines is [] ? null : lines).Decide(account, rules);
        return (
            account.After(facts),
            [.. facts.OfType<PointsReversed>().Where(f => f.Points > 0).Select(f => (account.Lots[f.LotId].Rule, f.Points)).Order()]
        );
    }

    [Fact]
    public void the_worked_example_of_the_readme_with_the_toys_back()
    {
        var rules = Example();
        var (account, toys) = Back(Bought(rules), rules, 30.50m, new ReturnedLine("p1", 30.50m));
        // 100 × 30.50 / 100.90 = 30.2; 61 of 61; 80 × (30.23 + 61) / 161 = 45.3
        toys.ShouldBe([("base", 30), ("gold", 45), ("toys-week", 61)]);
        (account, var books) = Back(account, rules, 70.40m, new ReturnedLine("p2", 70.40m));
        books.ShouldBe([("base", 70), ("gold", 35)]);
        (account.Balance, account.QualifyingPoints).ShouldBe((0, 0));
    }

    [Fact]
    public void what_other_products_earned_stays()
    {
        var rules = Example();
        // 100 × 70.40 / 100.90 = 69.8; 80 × 69.77 / 161 = 34.7
        var (account, books) = Back(Bought(rules), rules, 70.40m, new ReturnedLine("p2", 70.40m));
        books.ShouldBe([("base", 70), ("gold", 35)]);
        account.Lots[LotOf(1, "toys-week")].Refunded.ShouldBe(0);
        account.Lots[LotOf(1, "toys-week")].Remaining.ShouldBe(61);
    }

    [Fact]
    public void without_lines_everything_goes_in_proportion_as_before()
    {
        var rules = Example();
        var (_, some) = Back(Bought(rules), rules, 30.50m);
        some.ShouldBe([("base", 30), ("gold", 24), ("toys-week", 18)]);
    }

    [Fact]
    public void what_no_return_names_counts_for_what_is_left_of_all()
    {
        var rules = Example();
        var (account, _) = Back(Bought(rules), rules, 15.25m, new ReturnedLine("p1", 15.25m));
        account.Lots[LotOf(1, "toys-week")].TakenBack.ShouldBe(30, "half of 61, half-even");
        // Half of the toys and a sixth of what is left: 15.25 × 14.275 / 85.65 = 2.54, so 17.79 of 30.50 in all.
        (account, _) = Back(account, rules, 14.275m);
        account.Lots[LotOf(1, "toys-week")].TakenBack.ShouldBe(36);
        (account, _) = Back(account, rules, 100.90m - 15.25m - 14.275m);
        account.Balance.ShouldBe(0);
    }

    [Fact]
    public void fixed_points_for_a_product_go_with_it()
    {
        var rules = Rules();
        rules.Rules.Add(
            Set(
                2,
                Day(0),
                new EarningRule
                {
                    Name = "game",
                    Points = 500,
                    When = new() { Products = ["p1"] },
                }
            )
        );
        var (account, books) = Back(Bought(rules), rules, 70.40m, new ReturnedLine("p2", 70.40m));
        (books.Length, account.Balance).ShouldBe((0, 500));
        Back(account, rules, 30.50m, new ReturnedLine("p1", 30.50m)).Taken.ShouldBe([("game", 500)]);
    }

    [Fact]
    public void points_of_facts_from_before_lines_were_kept_go_in_proportion()
    {
        IAccountEvent[] old =
        [
            new AccountOpened("Bronze", Day(0)),
            new PurchaseCounted(Id(1), "web", 100.90m, bought, Day(1)),
            new PointsEarned(LotOf(1, "toys-week"), Id(1), 61, 0, 100.90m, 2, Day(700), 61, Day(1), "toys-week"),
        ];
        Back(Account(old), Rules(), 70.40m, new ReturnedLine("p2", 70.40m)).Taken.ShouldBe([("toys-week", 43)]);
    }
}
