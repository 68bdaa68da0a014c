using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrmPlatform.Loyalty.Rewards;
using static CrmPlatform.Loyalty.Tests.Rewards.RewardWords;

namespace CrmPlatform.Loyalty.Tests.Rewards;

[Collection("loyalty")]
public class RewardEdgeTests(LoyaltyRoom room)
{
    [Fact]
    public async Task a_reward_is_created_changed_restocked_withdrawn_and_shown()
    {
        var http = room.Shop();
        var code = $"cup-{Guid.CreateVersion7():N}";
        var created = await http.Say("rewards", new { code, offer = Offer(120, tierPrices: new() { ["Gold"] = 60 }), stock = 3 }, key: code);
        (created.StatusCode, created.Headers.ETag!.Tag).ShouldBe((HttpStatusCode.Created, "\"1\""));
        var path = created.Headers.Location!.ToString()["/api/loyalty/".Length..];
        (await (await http.Say("rewards", new { code, offer = Offer(120, tierPrices: new() { ["Gold"] = 60 }), stock = 3 }, key: code)).Content.ReadAsStringAsync()).ShouldBe(await created.Content.ReadAsStringAsync());
        (await http.Say("rewards", new { code, offer = Offer(), stock = 3 }).Outcome()).ShouldBe("409 duplicate-reward");
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
        (shown.GetProperty("stock").GetInt64(), shown.GetProperty("status").GetString(), shown.GetProperty("offer").GetProperty("price").GetInt64()).ShouldBe((7, "published", 90));
        shown.GetProperty("offer").GetProperty("names").GetProperty("zh").GetString().ShouldBe("马克杯");
        (await http.Say($"{path}/withdraw").Outcome()).ShouldBe("ok");
        (await room.Get(path)).GetProperty("status").GetString().ShouldBe("withdrawn");
        (await http.Say("orders", new { customerId = await room.Customer(500), rewardId = shown.GetProperty("id").GetGuid() }).Outcome()).ShouldBe("422 not-available");
    }

    [Fact]
    public async Task the_catalogue_shows_a_customer_their_prices_and_what_they_would_get_now()
    {
        var (cheap, dear) = (await room.NewReward(Offer(50, RewardKind.Gift, tierPrices: new() { ["Silver"] = 40 }), stock: 1), await room.NewReward(Offer(9_000, RewardKind.Gift)));
        var (closed, once) = (await room.NewReward(Offer(1, RewardKind.Gift, notFor: ["Silver"])), await room.NewReward(Offer(1, RewardKind.Gift, perMember: 1)));
        var (later, customer) = (await room.NewReward(Offer(1, RewardKind.Gift, from: LoyaltyRoom.Now.AddDays(1))), await room.Customer(600));

        (await Of("")).ShouldBe(new Dictionary<Guid, (long?, bool)> { [cheap] = (40, true), [dear] = (9_000, false), [closed] = (null, false), [once] = (1, true), [later] = (1, false) }, ignoreOrder: true);
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
            for (var after = ""; after is not null;)
            {
                var page = await room.Get($"rewards?kind=gift&status=published&customer={customer}&limit=2{filter}{after}");
                foreach (var r in page.GetProperty("items").EnumerateArray())
                    all.Add(r.GetProperty("id").GetGuid(), (r.GetProperty("customerPrice").ValueKind == JsonValueKind.Null ? null : r.GetProperty("customerPrice").GetInt64(), r.GetProperty("affordable").GetBoolean()));
                after = page.GetProperty("next").ValueKind == JsonValueKind.String ? "&after=" + page.GetProperty("next").GetString() : null;
            }
            return all.Where(r => new[] { cheap, dear, closed, once, later }.Contains(r.Key)).ToDictionary();
        }
    }

    [Fact]
    public async Task an_order_goes_from_the_shelf_into_the_hand()
    {
        var (http, reward, customer) = (room.Shop(), await room.NewReward(Offer(100), stock: 2), await room.Customer(80, 50));
        var made = await http.Say("orders", new { customerId = customer, rewardId = reward }, key: "first");
        (await (await http.Say("orders", new { customerId = customer, rewardId = reward }, key: "first")).Content.ReadAsStringAsync()).ShouldBe(await made.Content.ReadAsStringAsync());
        var order = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        (await room.Balance(customer), await room.Stock(reward), await room.Status(order)).ShouldBe((30, 1, "reserved"));
        (await http.Say("orders", new { customerId = customer, rewardId = reward }).Outcome()).ShouldBe("422 insufficient-points");
        (await room.Get($"accounts/{customer}/redemptions/{order}")).GetProperty("purpose").GetString()!.ShouldStartWith("reward-reward-");
        (await http.Say($"accounts/{customer}/redemptions/{order}/cancel").Outcome()).ShouldBe("422 redemption-of-an-order", "points come back with the order or not at all");

        (await http.Say($"orders/{order}/fulfil").Outcome()).ShouldBe("422 order-not-confirmed");
        (await http.Say($"orders/{order}/confirm", ifMatch: "\"9\"").Outcome()).ShouldBe("412 stale-version");
        (await http.Say($"orders/{order}/confirm", ifMatch: "\"1\"").Outcome()).ShouldBe("ok");
        (await http.Say($"orders/{order}/confirm").Outcome()).ShouldBe("ok");
        (await http.Say($"orders/{order}/cancel").Outcome()).ShouldBe("422 order-confirmed");
        (await http.GetAsync($"/api/loyalty/orders/{order}/coupon")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.Say($"orders/{order}/fulfil").Outcome()).ShouldBe("ok");
        (await http.Say($"orders/{order}/revoke").Outcome()).ShouldBe("422 order-fulfilled");
        (await room.Store.FetchStream(order)).Select(e => e.Data.GetType()).ShouldBe([typeof(RewardReserved), typeof(RewardConfirmed), typeof(RewardFulfilled)]);

        foreach (var filter in new[] { $"customer={customer}", $"reward={reward}", $"status=fulfilled&customer={customer}" })
            (await room.Get($"orders?{filter}")).GetProperty("items").EnumerateArray().Single().GetProperty("id").GetGuid().ShouldBe(order);
        (await room.Get($"orders?status=reserved&customer={customer}")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await room.Get($"customers/{customer}/personal")).GetProperty("facts").EnumerateArray().Select(f => f.GetProperty("fact").GetString())
            .ShouldBe(["account_opened", "points_earned", "points_earned", "points_redeemed", "reward_reserved", "reward_confirmed", "reward_fulfilled"]);
    }

    [Fact]
    public async Task what_is_cancelled_gives_everything_back_once()
    {
        var (http, reward, customer) = (room.Shop(), await room.NewReward(Offer(100, perMember: 1), stock: 1), await room.Customer(80, 50));
        var lots = (await room.Store.AggregateStream<LoyaltyAccount, IAccountEvent>(customer)).State.Lots;
        foreach (var verb in new[] { "cancel", "revoke" })
        {
            var order = await room.Ordered(customer, reward);
            if (verb == "revoke") (await http.Say($"orders/{order}/confirm").Outcome()).ShouldBe("ok");
            (await http.Say("orders", new { customerId = customer, rewardId = reward }).Outcome()).ShouldBe("422 limit-reached");
            for (var i = 0; i < 2; i++)
            {
                (await http.Say($"orders/{order}/{verb}").Outcome()).ShouldBe("ok");
                (await room.Balance(customer), await room.Stock(reward), await room.Status(order)).ShouldBe((130, 1, "cancelled"));
            }
            (await room.Store.AggregateStream<LoyaltyAccount, IAccountEvent>(customer)).State.Lots.ShouldBe(lots, ignoreOrder: true, "the lots as they were, with their own expiry");
            (await http.Say($"orders/{order}/confirm").Outcome()).ShouldBe("422 order-cancelled");
        }
    }

    [Fact]
    public async Task a_code_is_issued_once_and_used_once()
    {
        var (http, reward, customer) = (room.Shop(), await room.NewReward(Offer(10, RewardKind.Discount, validDays: 30)), await room.Customer(100));
        var order = await room.Ordered(customer, reward);
        (await http.GetAsync($"/api/loyalty/orders/{order}/coupon")).StatusCode.ShouldBe(HttpStatusCode.NotFound, "no confirmation, no code");
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => http.Say($"orders/{order}/confirm")));
        (await room.Store.FetchStream(order)).Select(e => e.Data).OfType<RewardConfirmed>().Count().ShouldBe(1);
        var shown = await http.GetAsync($"/api/loyalty/orders/{order}/coupon");
        shown.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var code = await room.Code(order);
        (await http.GetStringAsync($"/api/loyalty/orders/{order}")).ShouldNotContain(code, Case.Insensitive, "who only reads cannot use it");

        var wrong = code[..^1] + (code[^1] == '2' ? '3' : '2');
        (await Use(wrong, "till-1").Outcome()).ShouldBe("422 coupon-mistyped");
        (await Use(CouponCode.New(), "till-1").Outcome()).ShouldBe("422 coupon-unknown");
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Use(i % 2 == 0 ? code : code.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal), $"till-{i}").Outcome()));
        answers.CountBy(a => a).ShouldBe([new("ok", 1), new("422 coupon-used", 31)], ignoreOrder: true);
        var used = (await room.Get($"orders/{order}")).GetProperty("couponUsedFor").GetString()!;
        (await Use(code, used).Outcome()).ShouldBe("ok");
        (await room.Status(order)).ShouldBe("fulfilled");
        (await http.Say($"orders/{order}/revoke").Outcome()).ShouldBe("422 order-fulfilled");

        Task<HttpResponseMessage> Use(string typed, string reference) => http.Say("coupons/use", new { code = typed, reference });
    }

    [Fact]
    public async Task a_code_of_an_order_that_was_taken_back_is_worth_nothing()
    {
        var (http, order) = (room.Shop(), await room.Ordered(await room.Customer(100), await room.NewReward(Offer(10, RewardKind.Coupon))));
        await http.Say($"orders/{order}/confirm");
        var code = await room.Code(order);
        (await http.Say($"orders/{order}/revoke").Outcome()).ShouldBe("ok");
        (await http.Say("coupons/use", new { code, reference = "till-1" }).Outcome()).ShouldBe("422 coupon-cancelled");
        (await http.GetAsync($"/api/loyalty/orders/{order}/coupon")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_forgotten_customer_reserves_nothing_more_and_what_is_open_stays_whole()
    {
        var (http, reward, customer) = (room.Shop(), await room.NewReward(Offer(10), stock: 5), await room.Customer(100));
        var (open, kept) = (await room.Ordered(customer, reward), await room.Ordered(customer, reward));
        await room.Hear("customers", new Contracts.CustomerForgotten(customer, LoyaltyRoom.Now));
        (await http.Say("orders", new { customerId = customer, rewardId = reward }).Outcome()).ShouldBe("422 customer-forgotten");
        (await http.Say($"orders/{open}/cancel").Outcome()).ShouldBe("ok");
        (await http.Say($"orders/{kept}/confirm").Outcome()).ShouldBe("ok", "its points are spent, and it names nobody");
        (await room.Balance(customer), await room.Stock(reward)).ShouldBe((90, 4));
        (await room.Get($"rewards?customer={customer}&affordable=true")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("rewards", "{}"), InlineData("rewards", """{"code":"Mug","offer":{"names":{"en":"A"},"kind":"goods","price":1}}"""), InlineData("rewards", """{"code":"mug","offer":{"names":{"en":"A"},"kind":"car","price":1}}""")]
    [InlineData("rewards", """{"code":"mug","offer":{"names":{},"kind":"goods","price":1}}"""), InlineData("rewards", """{"code":"mug","offer":{"names":{"en":"A"},"kind":"goods","price":0}}""")]
    [InlineData("rewards", """{"code":"mug","stock":-1,"offer":{"names":{"en":"A"},"kind":"goods","price":1}}"""), InlineData("rewards", """{"code":"mug","offer":{"names":{"en":"A"},"kind":"goods","price":1,"perMember":0}}""")]
    [InlineData("orders", "{}"), InlineData("orders", """{"customerId":"x","rewardId":"y"}"""), InlineData("coupons/use", """{"code":"x"}"""), InlineData("coupons/use", """{"code":"x","reference":"Call 0171 1"}""")]
    [InlineData("coupons/use", """{"code":"0123456789012345678901234567890123456789x","reference":"r"}""")]
    public async Task a_malformed_command_is_a_400(string path, string body)
    {
        var answer = await room.Shop().PostAsync("/api/loyalty/" + path, new StringContent(body, Encoding.UTF8, "application/json"));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("rewards?kind=x"), InlineData("rewards?status=x"), InlineData("rewards?after=X%00"), InlineData("rewards?limit=0"), InlineData("orders?status=none"), InlineData("orders?after=x"), InlineData("orders?customer=x")]
    public async Task a_malformed_question_is_a_400(string path) => (await room.Shop().GetAsync("/api/loyalty/" + path)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task what_is_not_there_is_a_404()
    {
        var (http, reward, customer, nobody) = (room.Shop(), await room.NewReward(Offer()), await room.Customer(1), Guid.CreateVersion7());
        foreach (var path in new[] { $"rewards/{nobody}/publish", $"rewards/{customer}/withdraw", $"orders/{nobody}/confirm", $"orders/{customer}/cancel", $"orders/{reward}/revoke", $"orders/{nobody}/fulfil" })
            (await http.Say(path).Outcome()).ShouldBe("404 not-found", path);
        foreach (var (who, what) in new[] { (nobody, reward), (customer, nobody), (customer, customer), (reward, reward), (reward, customer) })
            (await http.Say("orders", new { customerId = who, rewardId = what }).Outcome()).ShouldBe("404 not-found", "an id of another thing is nobody's");
        foreach (var path in new[] { $"rewards/{nobody}", $"orders/{nobody}", $"orders/{nobody}/coupon" }) (await http.GetAsync("/api/loyalty/" + path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void every_fact_of_an_order_that_others_hear_is_a_contract_about_its_customer()
    {
        var (customer, order, at) = (Guid.CreateVersion7(), Guid.CreateVersion7(), LoyaltyRoom.Now);
        IRewardOrderEvent[] facts =
        [
            new RewardReserved(customer, order, "mug", RewardKind.Coupon, "Gold", 5, 7, at, at), new RewardConfirmed(customer, "mug", 5, new("SECRET", at), at), new RewardFulfilled(at),
            new RewardCancelled(customer, "mug", 5, at), new ReservationLapsed(customer, "mug", 5, at), new CouponUsed(customer, "mug", "till-7", at),
        ];
        facts.Select(f => f.GetType()).ShouldBe(room.Store.StoredShapes.Values.Where(t => t.IsAssignableTo(typeof(IRewardOrderEvent))), ignoreOrder: true);
        foreach (var fact in facts.Where(f => f is not RewardFulfilled))
        {
            var outgoing = LoyaltyFeed.Translate(new RecordedEvent(default, order, 1, 1, fact, EventMetadata.None, at))!;
            (outgoing.Subject, outgoing.OccurredAt).ShouldBe((customer, at));
            var said = JsonSerializer.Serialize(outgoing.Contract, outgoing.Contract.GetType());
            (said.Contains(order.ToString(), StringComparison.Ordinal), said.Contains("SECRET", StringComparison.Ordinal)).ShouldBe((true, false));
        }
        LoyaltyFeed.Translate(new RecordedEvent(default, order, 1, 1, new ReservationLapsed(customer, "mug", 5, at), EventMetadata.None, at))!.Contract
            .ShouldBe(new Contracts.RewardCancelled(customer, order, "mug", 5, "lapsed", at));
    }
}
