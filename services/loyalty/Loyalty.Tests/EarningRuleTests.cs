using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

public class EarningRuleTests
{
    static readonly EarningRule basis = new() { Name = "base", PerUnit = 1 };

    static (string, long)[] Awards(LoyaltyAccount account, Occasion occasion, params EarningRule[] rules) =>
        [.. Set(1, Day(-1), rules).Awards(occasion, account, new()).Select(a => (a.Rule.Name, a.Points))];

    static Occasion Buys(decimal net, string channel = "web", int day = 1, params Line[] lines) =>
        new(Occasion.Purchase, Id(1), Day(day), net, lines, channel);

    [Fact]
    public void rules_are_asked_in_their_order_and_a_multiplier_adds_to_what_came_before_it() =>
        Awards(
                Earned(10),
                Buys(100.99m),
                basis,
                new() { Name = "welcome", Points = 50 },
                new() { Name = "double", Multiply = 2 },
                new() { Name = "late", Points = 7 }
            )
            .ShouldBe([("base", 100), ("welcome", 50), ("double", 150), ("late", 7)]);

    [Fact]
    public void after_a_last_rule_that_gives_points_nobody_is_asked()
    {
        var vip = new EarningRule
        {
            Name = "vip",
            PerUnit = 3,
            Last = true,
            When = new() { Tiers = ["Gold"] },
        };
        Awards(Earned(2000), Buys(10), vip, basis).ShouldBe([("vip", 30)]);
        Awards(Earned(10), Buys(10), vip, basis).ShouldBe([("base", 10)]);
    }

    [Fact]
    public void a_rule_applies_where_all_that_its_condition_names_holds()
    {
        var lines = new Line[] { new("p1", "toys", 30.9m), new("p2", "books", 20), new("p3", null, 5, "national") };
        long Of(RuleCondition when, LoyaltyAccount? account = null) =>
            Awards(
                    account ?? Earned(10),
                    Buys(55.9m, lines: lines),
                    new EarningRule
                    {
                        Name = "x",
                        PerUnit = 1,
                        When = when,
                    }
                )
                .Sum(a => a.Item2);
        Of(new() { Channels = ["web"] }).ShouldBe(55);
        Of(new() { Channels = ["shop"] }).ShouldBe(0);
        Of(new() { Categories = ["toys"] }).ShouldBe(30);
        Of(new() { Categories = ["toys"], Products = ["p3"] }).ShouldBe(35);
        Of(new() { Categories = ["food"] }).ShouldBe(0);
        Of(new() { Brands = ["national"] }).ShouldBe(5);
        Of(new() { Brands = ["national"], Categories = ["toys"] }).ShouldBe(35);
        Of(new() { Categories = ["toys"], MinNet = 31 }).ShouldBe(0);
        Of(new() { MinNet = 55.9m }).ShouldBe(55);
        Of(new() { From = Day(1), Until = Day(2) }).ShouldBe(55);
        Of(new() { From = Day(0), Until = Day(1) }).ShouldBe(0, "half-open");
        Of(new() { FirstPurchase = true }).ShouldBe(0);
        Of(new() { FirstPurchase = true }, LoyaltyAccount.Initial).ShouldBe(55);
    }

    [Fact]
    public void caps_hold_per_occasion_day_and_period_and_a_return_makes_room()
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
                    PerOccasion = 80,
                    PerDay = 100,
                    PerPeriod = 150,
                    PeriodDays = 3,
                }
            )
        );
        var account = LoyaltyAccount.Initial;
        long Buy(int n, int day, decimal net = 90)
        {
            var facts = new EarnPoints(Id(n), net, Day(day)).Decide(account, rules);
            account = account.After(facts);
            return facts.OfType<PointsEarned>().Sum(e => e.Points);
        }
        new[] { Buy(1, 1), Buy(2, 1), Buy(3, 1), Buy(4, 2), Buy(5, 3), Buy(6, 4) }.ShouldBe([80, 20, 0, 50, 0, 80]);
        account = account.After(new ReversePoints(Id(90), Id(6), 45, Day(4)).Decide(account, rules));
        Buy(7, 4).ShouldBe(60, "100 a day, of which 40 are left");
    }

    [Fact]
    public void the_worked_example_of_the_readme() =>
        Awards(
                Earned(2000),
                Buys(100.90m, lines: [new("p1", "toys", 30.50m), new("p2", "books", 70.40m)]),
                basis,
                new()
                {
                    Name = "toys-week",
                    PerUnit = 2,
                    When = new()
                    {
                        Categories = ["toys"],
                        From = Day(0),
                        Until = Day(7),
                    },
                    Hold = new() { Action = "delivered" },
                },
                new()
                {
                    Name = "gold",
                    Multiply = 1.5m,
                    When = new() { Tiers = ["Gold"] },
                    Qualifying = 0,
                }
            )
            .ShouldBe([("base", 100), ("toys-week", 61), ("gold", 80)]);

    [Theory]
    [
        InlineData("""{"name":"x"}"""),
        InlineData("""{"name":"x","perUnit":1,"points":1}"""),
        InlineData("""{"name":"X!","points":1}"""),
        InlineData("""{"name":"x","perUnit":-1}""")
    ]
    [
        InlineData("""{"name":"x","multiply":1}"""),
        InlineData("""{"name":"x","points":1,"perPeriod":5}"""),
        InlineData("""{"name":"x","points":1,"hold":{}}""")
    ]
    [
        InlineData("""{"name":"x","points":1,"hold":{"days":1,"action":"y"}}"""),
        InlineData("""{"name":"x","points":1,"valid":{"count":0}}"""),
        InlineData("""{"name":"x","points":1,"perDay":0}""")
    ]
    [InlineData("""{"name":"x","points":1,"when":{"from":"2026-01-02T00:00:00Z","until":"2026-01-02T00:00:00Z"}}""")]
    public void a_rule_that_contradicts_itself_is_noticed(string json) =>
        System
            .Text.Json.JsonSerializer.Deserialize<EarningRule>(json, CrmPlatform.EventSourcing.EventStoreOptions.Json)!
            .Fault()
            .ShouldNotBeNull();
}
