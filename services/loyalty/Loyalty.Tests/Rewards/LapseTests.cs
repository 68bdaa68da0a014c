using static CrmPlatform.Loyalty.Tests.Rewards.RewardWords;

namespace CrmPlatform.Loyalty.Tests.Rewards;

/// <summary>A room of its own: its clock is moved.</summary>
public class LapseTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    static readonly TimeSpan lasts = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task a_reservation_that_nobody_confirms_gives_everything_back_when_it_was_due()
    {
        var (http, reward, customer) = (room.Shop(), await room.NewReward(Offer(60, perMember: 1), stock: 1), await room.Customer(40, 50));
        var lots = (await Account(customer)).Lots;
        var order = await room.Ordered(customer, reward);
        (await room.RunDue<LapseReservations>()).ShouldBe(0);
        (await room.Get($"orders/{order}"))
            .GetProperty("lapsesAt")
            .GetDateTimeOffset()
            .ShouldBe(room.Clock.GetUtcNow() + lasts, TimeSpan.FromMinutes(1));

        room.Clock.Advance(TimeSpan.FromHours(5));
        (await room.Status(order), await room.Stock(reward)).ShouldBe(("lapsed", 1), "nobody has written it down yet");
        (await http.Say($"orders/{order}/confirm").Outcome()).ShouldBe("422 reservation-lapsed");
        (await http.Say($"orders/{order}/cancel").Outcome()).ShouldBe("422 reservation-lapsed");

        await Task.WhenAll(room.RunDue<LapseReservations>(), room.RunDue<LapseReservations>());
        (await room.RunDue<LapseReservations>()).ShouldBe(0);
        (await room.Status(order), await room.Stock(reward), await room.Balance(customer)).ShouldBe(("lapsed", 1, 90));
        (await http.Say($"orders/{order}/confirm").Outcome()).ShouldBe("422 reservation-lapsed");
        var at = (await room.Store.FetchStream(order)).Select(e => e.Data).OfType<RewardReserved>().Single().LapsesAt;
        (await room.Store.FetchStream(order)).Select(e => e.Data).OfType<ReservationLapsed>().Single().OccurredAt.ShouldBe(at);
        (await room.Store.FetchStream(customer)).Select(e => e.Data).OfType<RedemptionCancelled>().Single().OccurredAt.ShouldBe(at);
        (await Account(customer)).Lots.ShouldBe(lots, ignoreOrder: true);
        await room.Ordered(customer, reward);
    }

    [Fact]
    public async Task who_comes_next_does_not_wait_for_the_clock()
    {
        var (reward, first, second) = (await room.NewReward(Offer(60), stock: 1), await room.Customer(100), await room.Customer(100));
        await room.Ordered(first, reward);
        (await room.Shop().Say("orders", new { customerId = second, rewardId = reward }).Outcome()).ShouldBe("422 out-of-stock");
        room.Clock.Advance(lasts);
        await room.Ordered(second, reward);
        (await room.Balance(first), await room.Stock(reward)).ShouldBe((100, 0));

        var dear = await room.NewReward(Offer(90));
        (await room.Shop().Say("orders", new { customerId = second, rewardId = dear }).Outcome()).ShouldBe("422 insufficient-points");
        room.Clock.Advance(lasts);
        await room.Ordered(second, dear);
    }

    [Fact]
    public async Task a_reservation_refused_behind_a_lapse_stays_refused_with_its_key()
    {
        var (reward, first, poor) = (await room.NewReward(Offer(60), stock: 1), await room.Customer(100), await room.Customer(10));
        await room.Ordered(first, reward);
        room.Clock.Advance(lasts);
        for (var i = 0; i < 2; i++)
        {
            var asked = room.Shop().Say("orders", new { customerId = poor, rewardId = reward }, key: "behind-a-lapse");
            (await asked.Outcome()).ShouldBe("422 insufficient-points");
        }
        (await room.Balance(first), await room.Stock(reward)).ShouldBe((100, 1), "what had lapsed is given back all the same");
    }

    [Fact]
    public async Task points_that_come_back_after_their_expiry_expire_at_their_own_instant()
    {
        var (reward, customer) = (await room.NewReward(Offer(60)), await room.Customer(100));
        await room.Ordered(customer, reward);
        room.Clock.Advance(TimeSpan.FromDays(3 * 365));
        await room.RunDue<PassTime>();
        await room.RunDue<LapseReservations>();
        await room.RunDue<PassTime>();
        var account = await Account(customer);
        var expired = (await room.Store.FetchStream(customer)).Select(e => e.Data).OfType<PointsExpired>().ToArray();
        (account.Balance, expired.Sum(e => e.Points)).ShouldBe((0, 100));
        expired.ShouldAllBe(e => e.OccurredAt == account.Lots[e.LotId].ExpiresAt);
        room.Clock.Advance(TimeSpan.FromDays(-3 * 365));
    }

    [Fact]
    public async Task confirmations_and_the_clock_at_once_leave_each_order_confirmed_or_lapsed()
    {
        var (http, reward, customer) = (room.Shop(), await room.NewReward(Offer(10), stock: 20), await room.Customer(200));
        var orders = new List<Guid>();
        for (var i = 0; i < 20; i++)
            orders.Add(await room.Ordered(customer, reward));
        room.Clock.Advance(lasts - TimeSpan.FromMilliseconds(150));
        await Task.WhenAll([
            .. orders.Select(order => http.Say($"orders/{order}/confirm")),
            .. Enumerable.Range(0, 5).Select(_ => room.RunDue<LapseReservations>()),
        ]);
        room.Clock.Advance(lasts);
        await room.RunDue<LapseReservations>();
        var statuses = await Task.WhenAll(orders.Select(room.Status));
        statuses.ShouldAllBe(s => s == "confirmed" || s == "lapsed");
        var confirmed = statuses.Count(s => s == "confirmed");
        (await room.Stock(reward), await room.Balance(customer)).ShouldBe((20 - confirmed, 200 - 10 * confirmed));
    }

    async Task<LoyaltyAccount> Account(Guid customer) => (await room.Store.Read(LoyaltyAccount.Of(customer))).State;
}
