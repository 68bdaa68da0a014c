using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using static CrmPlatform.Loyalty.Tests.Rewards.RewardWords;

namespace CrmPlatform.Loyalty.Tests.Rewards;

[Collection("loyalty")]
public class CatalogueEdgeTests(LoyaltyRoom room)
{
    [Fact]
    public async Task a_reward_is_created_changed_restocked_withdrawn_and_shown()
    {
        var http = room.Shop();
        var code = $"cup-{Guid.CreateVersion7():N}";
        var created = await http.Say(
            "rewards",
            new
            {
                code,
                offer = Offer(120, tierPrices: new() { ["Gold"] = 60 }),
                stock = 3,
            },
            key: code
        );
        (created.StatusCode, created.Headers.ETag!.Tag).ShouldBe((HttpStatusCode.Created, "\"1\""));
        var path = created.Headers.Location!.ToString()["/api/loyalty/".Length..];
        (
            await (
                await http.Say(
                    "rewards",
                    new
                    {
                        code,
                        offer = Offer(120, tierPrices: new() { ["Gold"] = 60 }),
                        stock = 3,
                    },
                    key: code
                )
            ).Content.ReadAsStringAsync()
        ).ShouldBe(await created.Content.ReadAsStringAsync());
        (
            await http.Say(
                    "rewards",
                    new
                    {
                        code,
                        offer = Offer(),
                        stock = 3,
                    }
                )
                .Outcome()
        ).ShouldBe("409 duplicate-reward");
        (await http.Say("rewards", new { code = "other", offer = Offer(notFor: ["Wood"]) }).Outcome()).ShouldBe("422 unknown-tier");

        (await http.Say(path, new { offer = Offer(90) }, ifMatch: "\"1\"", method: "PUT").Outcome()).ShouldBe("ok");
        (await http.Say(path, new { offer = Offer(80) }, ifMatch: "\"1\"", method: "PUT").Outcome()).ShouldBe("412 stale-version");
        (await http.Say($"{path}/restock", new { delta = 4, reason = "delivery" }).Outcome()).ShouldBe("ok");
        (await http.Say($"{path}/restock", new { delta = -8, reason = "broken" }).Outcome()).ShouldBe("422 stock-reserved");
        (await http.Say($"{path}/publish").Outcome()).ShouldBe("ok");

        var answer = await http.GetAsync("/api/loyalty/" + path);
        answer.Headers.ETag!.Tag.ShouldBe("\"4\"");
        var shown = await answer.Content.ReadFromJsonAsync<JsonElement>();
        shown.GetProperty("code").GetString().ShouldBe(code);
        (
            shown.GetProperty("stock").GetInt64(),
            shown.GetProperty("status").GetString(),
            shown.GetProperty("offer").GetProperty("price").GetInt64()
        ).ShouldBe((7, "published", 90));
        shown.GetProperty("offer").GetProperty("names").GetProperty("zh").GetString().ShouldBe("马克杯");
        (await http.Say($"{path}/withdraw").Outcome()).ShouldBe("ok");
        (await room.Get(path)).GetProperty("status").GetString().ShouldBe("withdrawn");
        (
            await http.Say("orders", new { customerId = await room.Customer(500), rewardId = shown.GetProperty("id").GetGuid() }).Outcome()
        ).ShouldBe("422 not-available");
    }

    [Fact]
    public async Task the_catalogue_shows_a_customer_their_prices_and_what_they_would_get_now()
    {
        var (cheap, dear) = (
            await room.NewReward(Offer(50, RewardKind.Gift, tierPrices: new() { ["Silver"] = 40 }), stock: 1),
            await room.NewReward(Offer(9_000, RewardKind.Gift))
        );
        var (closed, once) = (
            await room.NewReward(Offer(1, RewardKind.Gift, notFor: ["Silver"])),
            await room.NewReward(Offer(1, RewardKind.Gift, perMember: 1))
        );
        var (later, customer) = (
            await room.NewReward(Offer(1, RewardKind.Gift, from: LoyaltyRoom.Now.AddDays(1))),
            await room.Customer(600)
        );

        (await Of("")).ShouldBe(
            new Dictionary<Guid, (long?, bool)>
            {
                [cheap] = (40, true),
                [dear] = (9_000, false),
                [closed] = (null, false),
                [once] = (1, true),
                [later] = (1, false),
            },
            ignoreOrder: true
        );
        await room.Ordered(customer, once);
        await room.Ordered(customer, cheap);
        (await Of("&affordable=true")).ShouldBeEmpty("one is gone, the other is within the limit no more");
        (await room.Get($"rewards/{cheap}?customer={customer}")).GetProperty("affordable").GetBoolean().ShouldBeFalse();
        (await room.Get($"rewards/{cheap}")).TryGetProperty("customerPrice", out var price).ShouldBe(true);
        price.ValueKind.ShouldBe(JsonValueKind.Null);
        (await room.Shop().GetAsync("/api/loyalty/rewards?affordable=true")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await room.Shop().GetAsync($"/api/loyalty/rewards?customer={Guid.CreateVersion7()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        async Task<Dictionary<Guid, (long?, bool)>> Of(string filter)
        {
            var all = new Dictionary<Guid, (long?, bool)>();
            for (var after = ""; after is not null; )
            {
                var page = await room.Get($"rewards?kind=gift&status=published&customer={customer}&limit=2{filter}{after}");
                foreach (var r in page.GetProperty("items").EnumerateArray())
                    all.Add(
                        r.GetProperty("id").GetGuid(),
                        (
                            r.GetProperty("customerPrice").ValueKind == JsonValueKind.Null
                                ? null
                                : r.GetProperty("customerPrice").GetInt64(),
                            r.GetProperty("affordable").GetBoolean()
                        )
                    );
                after =
                    page.GetProperty("next").ValueKind == JsonValueKind.String ? "&after=" + page.GetProperty("next").GetString() : null;
            }
            return all.Where(r => new[] { cheap, dear, closed, once, later }.Contains(r.Key)).ToDictionary();
        }
    }

    [Theory]
    [
        InlineData("rewards", "{}"),
        InlineData("rewards", """{"code":"Mug","offer":{"names":{"en":"A"},"kind":"goods","price":1}}"""),
        InlineData("rewards", """{"code":"mug","offer":{"names":{"en":"A"},"kind":"car","price":1}}""")
    ]
    [
        InlineData("rewards", """{"code":"mug","offer":{"names":{},"kind":"goods","price":1}}"""),
        InlineData("rewards", """{"code":"mug","offer":{"names":{"en":"A"},"kind":"goods","price":0}}""")
    ]
    [
        InlineData("rewards", """{"code":"mug","stock":-1,"offer":{"names":{"en":"A"},"kind":"goods","price":1}}"""),
        InlineData("rewards", """{"code":"mug","offer":{"names":{"en":"A"},"kind":"goods","price":1,"perMember":0}}""")
    ]
    [
        InlineData("orders", "{}"),
        InlineData("orders", """{"customerId":"x","rewardId":"y"}"""),
        InlineData("coupons/use", """{"code":"x"}"""),
        InlineData("coupons/use", """{"code":"x","reference":"Call 0171 1"}""")
    ]
    [InlineData("coupons/use", """{"code":"0123456789012345678901234567890123456789x","reference":"r"}""")]
    public async Task a_malformed_command_is_a_400(string path, string body)
    {
        var answer = await room.Shop().PostAsync("/api/loyalty/" + path, new StringContent(body, Encoding.UTF8, "application/json"));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [
        InlineData("rewards?kind=x"),
        InlineData("rewards?status=x"),
        InlineData("rewards?after=X%00"),
        InlineData("rewards?limit=0"),
        InlineData("orders?status=none"),
        InlineData("orders?after=x"),
        InlineData("orders?customer=x")
    ]
    public async Task a_malformed_question_is_a_400(string path) =>
        (await room.Shop().GetAsync("/api/loyalty/" + path)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
}
