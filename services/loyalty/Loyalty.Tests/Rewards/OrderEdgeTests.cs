using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static CrmPlatform.Loyalty.Tests.Rewards.RewardWords;

namespace CrmPlatform.Loyalty.Tests.Rewards;

[Collection("loyalty")]
public class OrderEdgeTests(LoyaltyRoom room)
{
    [Fact]
    public async Task an_order_goes_from_the_shelf_into_the_hand()
    {
        var (http, reward, customer) = (room.Shop(), await room.NewReward(Offer(100), stock: 2), await room.Customer(80, 50));
        var made = await http.Say("orders", new { customerId = customer, rewardId = reward }, key: "first");
        (
            await (await http.Say("orders", new { customerId = customer, rewardId = reward }, key: "first")).Content.ReadAsStringAsync()
        ).ShouldBe(await made.Content.ReadAsStringAsync());
        var order = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        (await room.Balance(customer), await room.Stock(reward), await room.Status(order)).ShouldBe((30, 1, "reserved"));
        (await http.Say("orders", new { customerId = customer, rewardId = reward }).Outcome()).ShouldBe("422 insufficient-points");
        (await room.Get($"accounts/{customer}/redemptions/{order}")).GetProperty("purpose").GetString()!.ShouldStartWith("reward-reward-");
        (await http.Say($"accounts/{customer}/redemptions/{order}/cancel").Outcome()).ShouldBe(
            "422 redemption-of-an-order",
            "points come back with the order or not at all"
        );

        (await http.Say($"orders/{order}/fulfil").Outcome()).ShouldBe("422 order-not-confirmed");
        (await http.Say($"orders/{order}/confirm", ifMatch: "\"9\"").Outcome()).ShouldBe("412 stale-version");
        (await http.Say($"orders/{order}/confirm", ifMatch: "\"1\"").Outcome()).ShouldBe("ok");
        (await http.Say($"orders/{order}/confirm").Outcome()).ShouldBe("ok");
        (await http.Say($"orders/{order}/cancel").Outcome()).ShouldBe("422 order-confirmed");
        (await http.GetAsync($"/api/loyalty/orders/{order}/coupon")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.Say($"orders/{order}/fulfil").Outcome()).ShouldBe("ok");
        (await http.Say($"orders/{order}/revoke").Outcome()).ShouldBe("422 order-fulfilled");
        (await room.Store.FetchStream(order))
            .Select(e => e.Data.GetType())
            .ShouldBe([typeof(RewardReserved), typeof(RewardConfirmed), typeof(RewardFulfilled)]);

        foreach (var filter in new[] { $"customer={customer}", $"reward={reward}", $"status=fulfilled&customer={customer}" })
            (await room.Get($"orders?{filter}")).GetProperty("items").EnumerateArray().Single().GetProperty("id").GetGuid().ShouldBe(order);
        (await room.Get($"orders?status=reserved&customer={customer}")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await room.Get($"customers/{customer}/personal"))
            .GetProperty("facts")
            .EnumerateArray()
            .Select(f => f.GetProperty("fact").GetString())
            .ShouldBe([
                "account_opened",
                "purchase_counted",
                "points_earned",
                "purchase_counted",
                "points_earned",
                "points_redeemed",
                "reward_reserved",
                "reward_confirmed",
                "reward_fulfilled",
            ]);
    }

    [Fact]
    public async Task what_is_cancelled_gives_everything_back_once()
    {
        var (http, reward, customer) = (room.Shop(), await room.NewReward(Offer(100, perMember: 1), stock: 1), await room.Customer(80, 50));
        var lots = (await room.Store.Read(LoyaltyAccount.Of(customer))).State.Lots;
        foreach (var verb in new[] { "cancel", "revoke" })
        {
            var order = await room.Ordered(customer, reward);
            if (verb == "revoke")
                (await http.Say($"orders/{order}/confirm").Outcome()).ShouldBe("ok");
            (await http.Say("orders", new { customerId = customer, rewardId = reward }).Outcome()).ShouldBe("422 limit-reached");
            for (var i = 0; i < 2; i++)
            {
                (await http.Say($"orders/{order}/{verb}").Outcome()).ShouldBe("ok");
                (await room.Balance(customer), await room.Stock(reward), await room.Status(order)).ShouldBe((130, 1, "cancelled"));
            }
            (await room.Store.Read(LoyaltyAccount.Of(customer))).State.Lots.ShouldBe(
                lots,
                ignoreOrder: true,
                "the lots as they were, with their own expiry"
            );
            (await http.Say($"orders/{order}/confirm").Outcome()).ShouldBe("422 order-cancelled");
        }
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

    [Fact]
    public async Task what_is_not_there_is_a_404()
    {
        var (http, reward, customer, nobody) = (room.Shop(), await room.NewReward(Offer()), await room.Customer(1), Guid.CreateVersion7());
        foreach (
            var path in new[]
            {
                $"rewards/{nobody}/publish",
                $"rewards/{customer}/withdraw",
                $"orders/{nobody}/confirm",
                $"orders/{customer}/cancel",
                $"orders/{reward}/revoke",
                $"orders/{nobody}/fulfil",
            }
        )
            (await http.Say(path).Outcome()).ShouldBe("404 not-found", path);
        foreach (
            var (who, what) in new[] { (nobody, reward), (customer, nobody), (customer, customer), (reward, reward), (reward, customer) }
        )
            (await http.Say("orders", new { customerId = who, rewardId = what }).Outcome()).ShouldBe(
                "404 not-found",
                "an id of another thing is nobody's"
            );
        foreach (var path in new[] { $"rewards/{nobody}", $"orders/{nobody}", $"orders/{nobody}/coupon" })
            (await http.GetAsync("/api/loyalty/" + path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void every_fact_of_an_order_that_others_hear_is_a_contract_about_its_customer()
    {
        var (customer, order, at) = (Guid.CreateVersion7(), Guid.CreateVersion7(), LoyaltyRoom.Now);
        IRewardOrderEvent[] facts =
        [
            new RewardReserved(customer, order, "mug", RewardKind.Coupon, "Gold", 5, 7, at, at),
            new RewardConfirmed(customer, "mug", 5, new("SECRET", at), at),
            new RewardFulfilled(at),
            new RewardCancelled(customer, "mug", 5, at),
            new ReservationLapsed(customer, "mug", 5, at),
            new CouponUsed(customer, "mug", "till-7", at),
        ];
        facts
            .Select(f => f.GetType())
            .ShouldBe(room.Store.StoredShapes.Values.Where(t => t.IsAssignableTo(typeof(IRewardOrderEvent))), ignoreOrder: true);
        foreach (var fact in facts.Where(f => f is not RewardFulfilled))
        {
            var outgoing = LoyaltyFeed.Translate(new RecordedEvent(default, order, 1, 1, fact, EventMetadata.None, at))!;
            (outgoing.Subject, outgoing.OccurredAt).ShouldBe((customer, at));
            var said = JsonSerializer.Serialize(outgoing.Contract, outgoing.Contract.GetType());
            (said.Contains(order.ToString(), StringComparison.Ordinal), said.Contains("SECRET", StringComparison.Ordinal)).ShouldBe(
                (true, false)
            );
        }
        LoyaltyFeed
            .Translate(new RecordedEvent(default, order, 1, 1, new ReservationLapsed(customer, "mug", 5, at), EventMetadata.None, at))!
            .Contract.ShouldBe(new Contracts.RewardCancelled(customer, order, "mug", 5, "lapsed", at));
    }
}
