using FsCheck.Fluent;
using static CrmPlatform.Loyalty.Tests.Rewards.RewardWords;

namespace CrmPlatform.Loyalty.Tests.Rewards;

/// <summary>A history, step by step, with what must hold after each.</summary>
sealed class RewardRun(LoyaltyRoom room)
{
    /// <summary>A history asks for what is not allowed, too; this is what the rules may answer.</summary>
    static readonly string[] expected =
    [
        "not-available",
        "tier-not-allowed",
        "limit-reached",
        "out-of-stock",
        "insufficient-points",
        "reservation-lapsed",
        "order-cancelled",
        "order-confirmed",
        "order-fulfilled",
        "order-not-confirmed",
        "coupon-unknown",
        "coupon-used",
        "coupon-expired",
        "coupon-cancelled",
        "stock-reserved",
        "stock-unlimited",
    ];

    readonly LoyaltyRules rules = Given.Rules();
    readonly Guid[] customers = [.. Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7())];
    readonly (Guid Id, string Code, long? Initial)[] rewards =
    [
        .. new long?[] { 2, null }.Select(stock =>
            $"p-{Guid.CreateVersion7():N}" is var code ? (Loyalty.Rewards.Reward.IdOf(code), code, stock) : default
        ),
    ];
    readonly List<(Guid Id, Guid Reward, Guid Customer)> orders = [];
    readonly List<Guid> purchases = [];
    long restocked;

    DateTimeOffset Now => room.Clock.GetUtcNow();

    public async Task Do(RewardProperties.Step[] steps)
    {
        foreach (var (id, code, stock) in rewards)
        {
            await room.Store.Write(
                CrmPlatform.Loyalty.Rewards.Reward.Of(id),
                r => new CreateReward(code, Offer(40, RewardKind.Coupon, perMember: 3), stock).Decide(r, rules, Now)
            );
            await room.Store.Write(CrmPlatform.Loyalty.Rewards.Reward.Of(id), r => PublishReward.Decide(r, Now));
        }
        foreach (var step in steps)
            try
            {
                await Do(step);
            }
            catch (RuleViolationException no)
            {
                expected.ShouldContain(no.Code);
            }
            catch (NotFoundException none)
            {
                none.Message.ShouldMatch("^There is no (account|order) ");
            } // before the first purchase, before the first order
        await Check();
    }

    async Task Do(RewardProperties.Step step)
    {
        var (customer, reward) = (customers[step.Who], rewards[step.What % 2]);
        var order = orders.ElementAtOrDefault(orders.Count == 0 ? 0 : step.What % orders.Count);
        switch (step.Kind)
        {
            case <= 2:
                purchases.Add(Guid.CreateVersion7());
                await Write(LoyaltyAccount.Of(customer), a => new EarnPoints(purchases[^1], step.Amount, Now).Decide(a, rules));
                break;
            case <= 8:
                var id = Guid.CreateVersion7();
                await room.Store.Write(new ReserveReward(customer, reward.Id).Of(id, rules, Lasting, room.Clock));
                orders.Add((id, reward.Id, customer));
                break;
            case 9 or 10:
                await Write(RewardOrder.Of(order.Id), o => new ConfirmOrder(CouponCode.New()).Decide(o, Now));
                break;
            case 11 or 12 when order != default:
                await room.Store.Write(
                    GiveBack.Of(new(order.Id, order.Reward, order.Customer), o => new CancelOrder(step.Kind == 12).Decide(o, Now), rules)
                );
                break;
            case 13:
                await Write(RewardOrder.Of(order.Id), o => new UseCoupon("", $"till-{step.Amount}").Decide(o.Known(order.Id), Now));
                break;
            case 14:
                await room.RunDue<LapseReservations>();
                break;
            case 15:
                room.Clock.Advance(TimeSpan.FromMinutes(step.Amount % 20));
                break;
            case 16:
                await Write(
                    CrmPlatform.Loyalty.Rewards.Reward.Of(rewards[0].Id),
                    r => new RestockReward(step.Amount % 7 - 3, "stock-taking").Decide(r, Now)
                );
                restocked += step.Amount % 7 - 3;
                break;
            case 17:
                await Write(
                    CrmPlatform.Loyalty.Rewards.Reward.Of(reward.Id),
                    r =>
                        new ChangeReward(
                            Offer(
                                1 + step.Amount,
                                RewardKind.Trial,
                                perMember: 1 + step.What % 4,
                                tierPrices: new() { ["Silver"] = 1 + step.Amount / 2 }
                            )
                        ).Decide(r, rules, Now)
                );
                break;
            case 18 when purchases.Count > 0:
                await Write(
                    LoyaltyAccount.Of(customer),
                    a => new ReversePoints(Guid.CreateVersion7(), purchases[step.What % purchases.Count], step.Amount, Now).Decide(a, rules)
                );
                break;
            case 19:
                await Write(
                    CrmPlatform.Loyalty.Rewards.Reward.Of(reward.Id),
                    r => step.Amount % 3 == 0 ? WithdrawReward.Decide(r, Now) : PublishReward.Decide(r, Now)
                );
                break;
        }
    }

    async Task Check()
    {
        // The room's own clock ticks too: what it would do while the streams are read one after the other is done before.
        await room.RunDue<LapseReservations>();
        var live = new List<(Guid Reward, Guid Customer, long Points)>();
        foreach (var (id, reward, customer) in orders)
            if (
                (await State(RewardOrder.Of(id))) is
                { Status: OrderStatus.Reserved or OrderStatus.Confirmed or OrderStatus.Fulfilled, Reserved: { } of }
            )
                live.Add((reward, customer, of.Points));
        foreach (var (id, _, initial) in rewards)
        {
            var stock = (await State(CrmPlatform.Loyalty.Rewards.Reward.Of(id))).Stock;
            stock.ShouldBe(initial is null ? null : initial + restocked - live.Count(o => o.Reward == id));
            (stock >= 0).ShouldBe(initial is not null);
            foreach (var customer in customers)
                (await State(Allowance.Of(id, customer))).Used.ShouldBe(live.Count(o => o.Reward == id && o.Customer == customer));
        }
        foreach (var customer in customers)
        {
            var account = await State(LoyaltyAccount.Of(customer));
            account
                .Redemptions.Values.Where(r => !r.Cancelled)
                .Sum(r => r.From.Sum(a => a.Points))
                .ShouldBe(live.Where(o => o.Customer == customer).Sum(o => o.Points));
            account.Balance.ShouldBeGreaterThanOrEqualTo(0);
        }
    }

    Task Write<TState, TEvent>(Stream<TState, TEvent> stream, Func<TState, TEvent[]> decide) => room.Store.Write(stream, decide);

    async Task<TState> State<TState, TEvent>(Stream<TState, TEvent> stream)
        where TState : class => (await room.Store.Read(stream)).State;
}
