using Microsoft.Extensions.DependencyInjection;
using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>Points that live by activity, on their own and in the running room's views.</summary>
public class InactivityTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    static EarningRule Sliding(int months) =>
        new()
        {
            Name = "base",
            PerUnit = 1,
            Valid = new() { Count = months, Unit = ExpiryUnit.Inactivity },
        };

    static LoyaltyAccount Bought(LoyaltyAccount account, LoyaltyRules rules, int purchase, int day) =>
        account.After(new EarnPoints(Id(purchase), 100, Day(day)).Decide(account, rules));

    [Fact]
    public void a_late_purchase_between_two_others_shortens_no_lot()
    {
        var rules = Rules();
        rules.Rules.Add(Set(2, Day(0), Sliding(3)));
        var account = Bought(Bought(LoyaltyAccount.Initial, rules, 1, 1), rules, 2, 80);
        var later = Day(80).AddMonths(3);
        account.Lots.Values.ShouldAllBe(l => l.ExpiresAt == later);
        // Told after both: its own lot lives shorter, so something moves.
        account = Bought(account, rules, 3, 40);
        account = account.After(new RedeemPoints(10, "x").Decide(account, rules, Id(9), Day(50)));
        account.Lots[LotOf(1)].ExpiresAt.ShouldBe(later);
        account.Lots[LotOf(2)].ExpiresAt.ShouldBe(later);
        account.Lots[LotOf(3)].ExpiresAt.ShouldBe(Day(50).AddMonths(3));
    }

    [Fact]
    public void a_rule_version_with_fewer_months_shortens_no_lot()
    {
        var rules = Rules();
        rules.Rules.Add(Set(2, Day(0), Sliding(12)));
        rules.Rules.Add(Set(3, Day(10), Sliding(3)));
        var account = Bought(Bought(LoyaltyAccount.Initial, rules, 1, 1), rules, 2, 11);
        account.Lots[LotOf(1)].ExpiresAt.ShouldBe(Day(1).AddMonths(12));
        account = account.After(new RedeemPoints(10, "x").Decide(account, rules, Id(9), Day(20)));
        account.Lots[LotOf(1)].ExpiresAt.ShouldBe(Day(1).AddMonths(12));
    }

    [Fact]
    public async Task the_ledger_and_the_liability_keep_the_later_date_too()
    {
        var (customer, from) = (Guid.CreateVersion7(), LoyaltyRoom.Now.AddDays(-100));
        room.Services.GetRequiredService<LoyaltyRules>().Rules.Add(Set(90, from.AddDays(-1), Sliding(3)));
        // The last one is activity before that of the second, and moves only the lot of the third.
        foreach (var day in new[] { 0, 80, 40, 50 })
            await room.Hear("customers", LoyaltyRoom.Purchase(customer, 100, from.AddDays(day)));
        var account = (await room.Store.Read(LoyaltyAccount.Of(customer))).State;
        DateTimeOffset[] expected =
        [
            .. new[] { 50, 50, 80, 80 }.Select(day => from.AddDays(day)).Select(at => Sliding(3).Valid.Of(at, new Business())),
        ];
        account.Lots.Values.Select(l => l.ExpiresAt).Order().ShouldBe(expected);
        (
            await room.Db.Query<DateTimeOffset>(
                "select expires_at from ledger_lot where customer_id = @customer order by 1",
                new { customer },
                CancellationToken.None
            )
        ).ShouldBe(expected);
        await room.CatchUp();
        room.Clock.Advance(TimeSpan.FromDays(60));
        (await room.Balance(customer)).ShouldBe(200);
        (await room.Get("measures/liability?by=expiry")).GetProperty("points").GetInt64().ShouldBe(200);
    }
}
