using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

[Collection("loyalty")]
public class AdjustmentTests(LoyaltyRoom room)
{
    [Fact]
    public void given_points_make_no_tier_and_those_that_expire_first_are_taken_first()
    {
        new AdjustPoints(700, "goodwill")
            .Decide(Earned(100), Rules(), Id(9), "ann", Day(2))
            .Then(new PointsAdjusted(Id(9), 700, "goodwill", "ann", null, [], Id(9), 0, Day(2).AddMonths(24), 800, Day(2)));
        new AdjustPoints(-120, "fraud")
            .Decide(Earned(100, 50), Rules(), Id(9), "ann", Day(2))
            .Then(
                new PointsAdjusted(Id(9), -120, "fraud", "ann", null, [new(LotOf(0), 100), new(LotOf(1), 20)], null, 0, null, 30, Day(2))
            );
        Should
            .Throw<RuleViolationException>(() => new AdjustPoints(-151, "fraud").Decide(Earned(100, 50), Rules(), Id(9), "ann", Day(2)))
            .Code.ShouldBe("insufficient-points");
        Should
            .Throw<RuleViolationException>(() => new AdjustPoints(0, "x").Decide(Earned(1), Rules(), Id(9), "ann", Day(2)))
            .Code.ShouldBe("nothing-to-adjust");
    }

    [Fact]
    public async Task a_large_adjustment_needs_a_second_person()
    {
        var customer = await room.Customer(100);
        HttpClient As(string who)
        {
            var http = room.Anonymous();
            http.DefaultRequestHeaders.Authorization = new(
                "Bearer",
                LoyaltyRoom.Token(who, "loyalty.points.adjust", "loyalty.points.approve", "loyalty.read")
            );
            return http;
        }
        var proposed = await As("ann")
            .PostAsJsonAsync($"/api/loyalty/accounts/{customer}/adjustments", new { points = 10_001, reason = "goodwill" });
        proposed.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await room.Balance(customer)).ShouldBe(100);
        var waiting = await room.Get($"adjustments?status=proposed&customerId={customer}");
        waiting.GetProperty("items")[0].GetProperty("proposedBy").GetString().ShouldBe("ann");

        async Task<string?> Code(Task<HttpResponseMessage> answer) =>
            (await (await answer).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString();
        (await Code(As("ann").PostAsync($"{proposed.Headers.Location}/approve", null))).ShouldBe("urn:crm:second-person-needed");
        (await As("bob").PostAsync($"{proposed.Headers.Location}/approve", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await room.Balance(customer)).ShouldBe(10_101);
        (await Code(As("eve").PostAsync($"{proposed.Headers.Location}/decline", null))).ShouldBe("urn:crm:adjustment-decided");
        (await room.Get($"adjustments?status=made&customerId={customer}"))
            .GetProperty("items")[0]
            .GetProperty("decidedBy")
            .GetString()
            .ShouldBe("bob");

        var declined = await As("ann")
            .PostAsJsonAsync($"/api/loyalty/accounts/{customer}/adjustments", new { points = -10_001, reason = "fraud" });
        (await As("bob").PostAsync($"{declined.Headers.Location}/decline", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await room.Balance(customer)).ShouldBe(10_101);
    }

    [Fact]
    public async Task small_adjustments_of_a_client_and_day_add_up_until_a_second_person_is_needed()
    {
        using var http = room.Anonymous();
        http.DefaultRequestHeaders.Authorization = new("Bearer", LoyaltyRoom.Token("carl", "loyalty.points.adjust"));
        var (one, two) = (await room.Customer(100), await room.Customer(100));
        foreach (var (customer, points) in new[] { (one, 6_000), (two, 3_000), (one, -1_000), (two, 1), (one, 5) })
            (
                await http.PostAsJsonAsync($"/api/loyalty/accounts/{customer}/adjustments", new { points, reason = "goodwill" })
            ).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await room.Balance(one), await room.Balance(two)).ShouldBe((5_100, 3_100), "10000 are made alone, whichever account they are for");
        foreach (var customer in new[] { one, two })
            (await room.Get($"adjustments?status=proposed&customerId={customer}")).GetProperty("items").GetArrayLength().ShouldBe(1);
        // What was refused is not added up, and the same request again is the same adjustment.
        using var other = room.Anonymous();
        other.DefaultRequestHeaders.Authorization = new("Bearer", LoyaltyRoom.Token("dora", "loyalty.points.adjust"));
        other.DefaultRequestHeaders.Add("Idempotency-Key", "once-only");
        for (var i = 0; i < 3; i++)
            (
                await other.PostAsJsonAsync($"/api/loyalty/accounts/{one}/adjustments", new { points = 6_000, reason = "goodwill" })
            ).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await room.Balance(one)).ShouldBe(11_100);
    }

    [Fact]
    public async Task an_action_is_rewarded_where_a_rule_says_so_and_without_one_by_nothing()
    {
        var customer = await room.Customer(100);
        (
            await room.Everything.PostAsJsonAsync($"/api/loyalty/accounts/{customer}/actions", new { action = "review", reference = "r-1" })
        ).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await room.Balance(customer)).ShouldBe(100);

        var rules = Rules();
        rules.Rules.Add(
            Set(
                2,
                Day(0),
                new EarningRule
                {
                    Name = "reviews",
                    On = "review",
                    Points = 30,
                    PerDay = 50,
                    Qualifying = 0,
                }
            )
        );
        var account = Earned(10);
        for (var n = 0; n < 3; n++)
        {
            var facts = RewardAction.Decide(account, rules, new("review", Id(100 + n), Day(3)));
            account = account.After(facts);
            RewardAction.Decide(account, rules, new("review", Id(100 + n), Day(3))).ShouldBeEmpty("each reference counts once");
        }
        (account.Balance, account.QualifyingPoints).ShouldBe((60, 10));
    }

    [Fact]
    public async Task an_account_as_of_an_earlier_instant_is_folded_and_as_of_now_equals_the_tables()
    {
        var customer = await room.Customer(600, 50, 20);
        await room.Redeem(customer, 620);
        var past = await room.Get($"accounts/{customer}?asOf={Uri.EscapeDataString(LoyaltyRoom.Now.AddDays(-1.5).ToString("O"))}");
        (past.GetProperty("balance").GetInt64(), past.GetProperty("tier").GetString(), past.GetProperty("purchases").GetInt32()).ShouldBe(
            (650, "Silver", 2)
        );
        var now = await room.Get($"accounts/{customer}");
        var folded = await room.Get(
            $"accounts/{customer}?asOf={Uri.EscapeDataString(now.GetProperty("asOf").GetDateTimeOffset().ToString("O"))}"
        );
        folded.GetRawText().ShouldBe(now.GetRawText());
    }
}
