using System.Net;
using static CrmPlatform.Loyalty.Tests.Rewards.RewardWords;

namespace CrmPlatform.Loyalty.Tests.Rewards;

[Collection("loyalty")]
public class CouponEdgeTests(LoyaltyRoom room)
{
    [Fact]
    public async Task a_code_is_issued_once_and_used_once()
    {
        var (http, reward, customer) = (
            room.Shop(),
            await room.NewReward(Offer(10, RewardKind.Discount, validDays: 30)),
            await room.Customer(100)
        );
        var order = await room.Ordered(customer, reward);
        (await http.GetAsync($"/api/loyalty/orders/{order}/coupon")).StatusCode.ShouldBe(
            HttpStatusCode.NotFound,
            "no confirmation, no code"
        );
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => http.Say($"orders/{order}/confirm")));
        (await room.Store.FetchStream(order)).Select(e => e.Data).OfType<RewardConfirmed>().Count().ShouldBe(1);
        var shown = await http.GetAsync($"/api/loyalty/orders/{order}/coupon");
        shown.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var code = await room.Code(order);
        (await http.GetStringAsync($"/api/loyalty/orders/{order}")).ShouldNotContain(
            code,
            Case.Insensitive,
            "who only reads cannot use it"
        );

        var wrong = code[..^1] + (code[^1] == '2' ? '3' : '2');
        (await Use(wrong, "till-1").Outcome()).ShouldBe("422 coupon-mistyped");
        (await Use(CouponCode.New(), "till-1").Outcome()).ShouldBe("422 coupon-unknown");
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(i =>
                    Use(i % 2 == 0 ? code : code.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal), $"till-{i}").Outcome()
                )
        );
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
}
