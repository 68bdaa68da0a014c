using static CrmPlatform.Loyalty.Tests.Given;
using static CrmPlatform.Loyalty.Tests.Rewards.RewardWords;

namespace CrmPlatform.Loyalty.Tests.Rewards;

public class OrderTests
{
    static readonly ReserveReward command = new(Member, RewardId);

    static ReserveReward.Reservation Reserve(
        Reward? reward = null,
        LoyaltyAccount? account = null,
        Allowance? allowance = null,
        RewardOrder? order = null,
        DateTimeOffset? at = null
    ) =>
        command.Decide(
            Order,
            order ?? RewardOrder.Initial,
            reward ?? Reward(),
            allowance ?? Allowance.Initial,
            account ?? Earned(300),
            Rules(),
            Lasting,
            at ?? Day(3)
        );

    static string Refused(Func<object> decide) => Should.Throw<RuleViolationException>(() => decide()).Code;

    [Fact]
    public void a_reservation_takes_stock_allowance_and_points_at_once()
    {
        var made = Reserve(Reward(stock: 1));
        made.Order.Happened(
            new RewardReserved(Member, RewardId, "mug", RewardKind.Goods, "Bronze", 100, null, Day(3).AddMinutes(15), Day(3))
        );
        made.Reward.Happened(new StockReserved(Order, Day(3)));
        made.Allowance.Happened(new AllowanceUsed(Order, Day(3)));
        made.Account.Then(new PointsRedeemed(Order, 100, "reward-mug", [new(LotOf(0), 100)], 200, Day(3)));
    }

    [Fact]
    public void the_tier_of_this_instant_makes_the_price()
    {
        var reward = Reward(Offer(100, tierPrices: new() { ["Silver"] = 80, ["Gold"] = 60 }));
        Reserve(reward, Earned(300))
            .Order.Cast<RewardReserved>()
            .Single()
            .ShouldSatisfyAllConditions(o => o.Points.ShouldBe(100), o => o.Tier.ShouldBe("Bronze"));
        Reserve(reward, Earned(600))
            .Order.Cast<RewardReserved>()
            .Single()
            .ShouldSatisfyAllConditions(o => o.Points.ShouldBe(80), o => o.Tier.ShouldBe("Silver"));
        Reserve(reward, Earned(600)).Account.Cast<PointsRedeemed>().Single().Points.ShouldBe(80);
    }

    [Fact]
    public void a_tier_made_by_points_unlocked_by_now_counts_before_it_is_written_down()
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
                    Hold = new() { Until = Day(5) },
                }
            )
        );
        var account = LoyaltyAccount.Initial.After(new EarnPoints(Id(1), 600, Day(1)).Decide(LoyaltyAccount.Initial, rules));
        var reward = Reward(Offer(100, tierPrices: new() { ["Silver"] = 80 }));
        ReserveReward.Reservation At(DateTimeOffset at) =>
            command.Decide(Order, RewardOrder.Initial, reward, Allowance.Initial, account, rules, Lasting, at);
        Refused(() => At(Day(5).AddTicks(-1))).ShouldBe("insufficient-points");
        At(Day(5))
            .Order.Cast<RewardReserved>()
            .Single()
            .ShouldSatisfyAllConditions(o => o.Points.ShouldBe(80), o => o.Tier.ShouldBe("Silver"));
        At(Day(5)).Account.Select(e => e.GetType()).ShouldBe([typeof(PointsUnlocked), typeof(TierChanged), typeof(PointsRedeemed)]);
    }

    [Fact]
    public void every_rule_refuses_in_its_own_words()
    {
        Refused(() => Reserve(Reward().Evolve(new RewardWithdrawn(Day(1))))).ShouldBe("not-available");
        Refused(() => Reserve(Reward(Offer(notFor: ["Bronze"])))).ShouldBe("tier-not-allowed");
        Refused(() => Reserve(Reward(Offer(perMember: 2)), allowance: new() { Used = 2 })).ShouldBe("limit-reached");
        Refused(() => Reserve(Reward(stock: 0))).ShouldBe("out-of-stock");
        Refused(() => Reserve(account: Earned(99))).ShouldBe("insufficient-points");
        Refused(() => Reserve(account: Earned(300).Evolve(new HolderForgotten(Day(1))))).ShouldBe("customer-forgotten");
        Should.Throw<NotFoundException>(() => Reserve(Loyalty.Rewards.Reward.Initial));
        Should.Throw<NotFoundException>(() => Reserve(account: LoyaltyAccount.Initial));
    }

    [Fact]
    public void a_window_is_half_open()
    {
        var reward = Reward(Offer(from: Day(2), until: Day(4)));
        Refused(() => Reserve(reward, at: Day(2).AddTicks(-1))).ShouldBe("not-available");
        Reserve(reward, at: Day(2)).Order.Length.ShouldBe(1);
        Reserve(reward, at: Day(4).AddTicks(-1)).Order.Length.ShouldBe(1);
        Refused(() => Reserve(reward, at: Day(4))).ShouldBe("not-available");
    }

    [Fact]
    public void the_same_order_is_made_once()
    {
        var again = Reserve(Reward(stock: 0), order: Reserved());
        (again.Order.Length, again.Reward.Length, again.Allowance.Length, again.Account.Length).ShouldBe((0, 0, 0, 0));
    }

    [Fact]
    public void at_the_instant_at_which_it_lapses_it_has_lapsed_whoever_comes_first()
    {
        var (order, due) = (Reserved(), Day(3).AddMinutes(15));
        LapseReservations.Decide(order, due.AddTicks(-1)).ShouldBeEmpty();
        new ConfirmOrder("X").Decide(order, due.AddTicks(-1)).Happened(new RewardConfirmed(Member, "mug", 100, null, due.AddTicks(-1)));

        var lapsed = order.Evolve(LapseReservations.Decide(order, due).Single());
        LapseReservations.Decide(order, due.AddHours(7)).Happened(new ReservationLapsed(Member, "mug", 100, due));
        foreach (var state in new[] { order, lapsed })
        {
            Refused(() => new ConfirmOrder("X").Decide(state, due)).ShouldBe("reservation-lapsed");
            Refused(() => new CancelOrder(true).Decide(state, due)).ShouldBe("reservation-lapsed");
        }
        LapseReservations.Decide(lapsed, due).ShouldBeEmpty();
        LapseReservations
            .Decide(order.Evolve(new RewardConfirmed(Member, "mug", 100, null, Day(3))), due)
            .ShouldBeEmpty("what is confirmed does not lapse");
    }

    [Fact]
    public void an_order_keeps_its_price_and_a_second_confirmation_issues_no_second_code()
    {
        var order = Reserved(Offer(kind: RewardKind.Coupon, validDays: 7));
        var confirmed = new ConfirmOrder("FIRST").Decide(order, Day(3));
        confirmed.Happened(new RewardConfirmed(Member, "mug", 100, new("FIRST", Day(10)), Day(3)));
        new ConfirmOrder("SECOND").Decide(order.Evolve(confirmed[0]), Day(4)).ShouldBeEmpty();
    }

    [Fact]
    public void what_is_confirmed_is_taken_back_only_by_who_may_and_what_is_fulfilled_by_nobody()
    {
        var confirmed = Reserved().Evolve(new RewardConfirmed(Member, "mug", 100, null, Day(3)));
        Refused(() => new CancelOrder(false).Decide(confirmed, Day(4))).ShouldBe("order-confirmed");
        new CancelOrder(true).Decide(confirmed, Day(4)).Happened(new RewardCancelled(Member, "mug", 100, Day(4)));
        var fulfilled = confirmed.Evolve(FulfilOrder.Decide(confirmed, Day(4)).Single());
        Refused(() => new CancelOrder(true).Decide(fulfilled, Day(4))).ShouldBe("order-fulfilled");
        FulfilOrder.Decide(fulfilled, Day(5)).ShouldBeEmpty();
        Refused(() => FulfilOrder.Decide(Reserved(), Day(4))).ShouldBe("order-not-confirmed");
        var cancelled = Reserved().Evolve(new CancelOrder(false).Decide(Reserved(), Day(3)).Single());
        new CancelOrder(false).Decide(cancelled, Day(3)).ShouldBeEmpty();
        Refused(() => new ConfirmOrder("X").Decide(cancelled, Day(3))).ShouldBe("order-cancelled");
    }

    [Fact]
    public void a_code_is_used_once_until_before_the_instant_at_which_it_ends()
    {
        var order = Reserved(Offer(kind: RewardKind.Trial)).Evolve(new RewardConfirmed(Member, "mug", 100, new("CODE", Day(33)), Day(3)));
        new UseCoupon("CODE", "till-7")
            .Decide(order, Day(33).AddTicks(-1))
            .Happened(new CouponUsed(Member, "mug", "till-7", Day(33).AddTicks(-1)));
        Refused(() => new UseCoupon("CODE", "till-7").Decide(order, Day(33))).ShouldBe("coupon-expired");
        var used = order.Evolve(new CouponUsed(Member, "mug", "till-7", Day(5)));
        new UseCoupon("CODE", "till-7").Decide(used, Day(99)).ShouldBeEmpty("the same answer, however late it is asked for again");
        Refused(() => new UseCoupon("CODE", "till-8").Decide(used, Day(6))).ShouldBe("coupon-used");
        Refused(() => new CancelOrder(true).Decide(used, Day(6))).ShouldBe("order-fulfilled");
        Refused(() => new UseCoupon("CODE", "till-7").Decide(order.Evolve(new RewardCancelled(Member, "mug", 100, Day(4))), Day(5)))
            .ShouldBe("coupon-cancelled");
        Refused(() => FulfilOrder.Decide(order, Day(4))).ShouldBe("coupon-order");
    }
}
