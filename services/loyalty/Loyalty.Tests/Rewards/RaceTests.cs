using System.Net;
using static CrmPlatform.Loyalty.Tests.Rewards.RewardWords;

namespace CrmPlatform.Loyalty.Tests.Rewards;

[Collection("loyalty")]
public class RaceTests(LoyaltyRoom room)
{
    [Fact]
    public async Task of_32_at_once_exactly_as_many_succeed_as_are_left()
    {
        var (http, reward) = (room.Shop(), await room.NewReward(Offer(30), stock: 9));
        var customers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => room.Customer(100)));
        var answers = await Task.WhenAll(
            customers.Select(customer => http.Say("orders", new { customerId = customer, rewardId = reward }).Outcome())
        );
        answers.CountBy(a => a).ShouldBe([new("created", 9), new("422 out-of-stock", 23)], ignoreOrder: true);
        (await room.Stock(reward), await Orders($"reward={reward}")).ShouldBe((0, 9));
        foreach (var (customer, answer) in customers.Zip(answers))
            (await room.Balance(customer), await Orders($"customer={customer}")).ShouldBe(answer == "created" ? (70, 1) : (100, 0));
    }

    [Fact]
    public async Task of_32_at_once_exactly_as_many_succeed_as_one_member_may_have()
    {
        var (http, reward, customer) = (room.Shop(), await room.NewReward(Offer(1, perMember: 5), stock: 100), await room.Customer(100));
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(_ => http.Say("orders", new { customerId = customer, rewardId = reward }).Outcome())
        );
        answers.CountBy(a => a).ShouldBe([new("created", 5), new("422 limit-reached", 27)], ignoreOrder: true);
        (await room.Stock(reward), await room.Balance(customer)).ShouldBe((95, 95));
    }

    [Fact]
    public async Task of_32_at_once_exactly_as_many_succeed_as_the_points_pay_for()
    {
        var (http, customer) = (room.Shop(), await room.Customer(470));
        var rewards = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => room.NewReward(Offer(50), stock: 100)));
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(i => http.Say("orders", new { customerId = customer, rewardId = rewards[i % 4] }).Outcome())
        );
        answers.CountBy(a => a).ShouldBe([new("created", 9), new("422 insufficient-points", 23)], ignoreOrder: true);
        (await room.Balance(customer), (await Task.WhenAll(rewards.Select(room.Stock))).Sum()).ShouldBe(
            (20, 391),
            "what a refused reservation took it gave back"
        );
    }

    [Fact]
    public async Task one_key_64_times_at_once_is_one_order()
    {
        var (http, reward, customer) = (room.Shop(), await room.NewReward(Offer(1), stock: 64), await room.Customer(100));
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(_ => http.Say("orders", new { customerId = customer, rewardId = reward }, key: $"once-{reward}"))
        );
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Created);
        (await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync()))).Distinct().Count().ShouldBe(1);
        (await room.Stock(reward), await room.Balance(customer)).ShouldBe((63, 99));
    }

    [Fact]
    public async Task one_code_is_one_reward_also_for_those_who_create_it_at_once()
    {
        var (http, code) = (room.Shop(), $"twin-{Guid.CreateVersion7():N}");
        var twins = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => http.Say("rewards", new { code, offer = Offer() }, key: code).Outcome())
        );
        twins.ShouldAllBe(a => a == "created");
        var others = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => http.Say("rewards", new { code = code + "-2", offer = Offer() }).Outcome())
        );
        others.CountBy(a => a).ShouldBe([new("created", 1), new("409 duplicate-reward", 15)], ignoreOrder: true);
    }

    [Fact]
    public async Task of_confirmations_and_cancellations_at_once_one_kind_wins()
    {
        var (http, reward, customer) = (room.Shop(), await room.NewReward(Offer(10), stock: 20), await room.Customer(200));
        var orders = new List<Guid>();
        for (var i = 0; i < 10; i++)
            orders.Add(await room.Ordered(customer, reward));
        await Task.WhenAll(
            orders.SelectMany(order =>
                Enumerable.Range(0, 8).Select(i => http.Say($"orders/{order}/{(i % 2 == 0 ? "confirm" : "cancel")}"))
            )
        );
        var confirmed = (await Task.WhenAll(orders.Select(room.Status))).Count(status => status == "confirmed");
        (await room.Stock(reward), await room.Balance(customer), await Orders($"customer={customer}&status=cancelled")).ShouldBe(
            (20 - confirmed, 200 - 10 * confirmed, 10 - confirmed)
        );
    }

    /// <summary>Two stores that know nothing of each other, as two processes: only the database is between them.</summary>
    [Fact]
    public async Task two_processes_sell_the_last_ones_once()
    {
        var reward = await room.NewReward(Offer(30, perMember: 2), stock: 9);
        var customers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => room.Customer(100)));
        var one = Process();
        var two = Process();
        var made = await Task.WhenAll(
            Enumerable
                .Range(0, 48)
                .Select(async i =>
                {
                    try
                    {
                        await (i % 2 == 0 ? one : two).Write(
                            new ReserveReward(customers[i % 8], reward).Of(Guid.CreateVersion7(), Given.Rules(), Lasting, room.Clock)
                        );
                    }
                    catch (RuleViolationException refused)
                    {
                        return refused.Code;
                    }
                    return "made";
                })
        );
        made.Count(m => m == "made").ShouldBe(9);
        made.Distinct().ShouldBeSubsetOf(["made", "out-of-stock", "limit-reached"]);
        var balances = await Task.WhenAll(customers.Select(room.Balance));
        (await room.Stock(reward), balances.Sum()).ShouldBe((0, 800 - 9 * 30));
        balances.ShouldAllBe(b => b >= 40, "nobody has more than two");
    }

    EventStore Process() =>
        new(
            room.Db,
            new EventStoreOptions()
                .Aggregate<LoyaltyAccount, IAccountEvent>("loyalty_account", 3)
                .Aggregate<Reward, IRewardEvent>("reward", 1)
                .Aggregate<Allowance, IAllowanceEvent>("reward_member")
                .Aggregate<RewardOrder, IRewardOrderEvent>("reward_order")
                .Inline(new LedgerView())
                .Inline(new RewardView())
                .Inline(new OrderView()),
            room.Clock
        );

    async Task<int> Orders(string filter) => (await room.Get($"orders?limit=200&{filter}")).GetProperty("items").GetArrayLength();
}
