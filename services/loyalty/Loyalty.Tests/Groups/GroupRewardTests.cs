using CrmPlatform.Loyalty.Tests.Activities;
using CrmPlatform.Loyalty.Tests.Rewards;
using static CrmPlatform.Loyalty.Tests.Rewards.RewardWords;

namespace CrmPlatform.Loyalty.Tests.Groups;

/// <summary>What a person may have counts for all their ids: the best tier, and the limit.</summary>
[Collection("loyalty")]
public class GroupRewardTests(LoyaltyRoom room)
{
    static readonly Dictionary<string, long> goldPays = new() { ["Gold"] = 10 };

    [Fact]
    public async Task the_better_tier_decides_what_a_member_may_have_and_pays()
    {
        var (bronze, gold) = (await room.Customer(60), await room.Customer(2_500));
        var (forGold, cheaper) = (
            await room.NewReward(Offer(20, notFor: ["Bronze", "Silver"]), 9),
            await room.NewReward(Offer(50, tierPrices: goldPays), 9)
        );
        (await Order(bronze, forGold)).ShouldBe("422 tier-not-allowed");
        await room.Merge(bronze, gold);
        var shown = await room.Get($"rewards/{cheaper}?customer={bronze}");
        (shown.Long("customerPrice"), shown.GetProperty("affordable").GetBoolean()).ShouldBe((10, true));
        (await Order(bronze, cheaper)).ShouldBe("created");
        (await Order(bronze, forGold)).ShouldBe("created");
        (await Order(bronze, forGold)).ShouldBe("created");
        (await room.Get($"rewards/{forGold}?customer={bronze}")).GetProperty("affordable").GetBoolean().ShouldBeFalse("10 are left");
        (await Order(bronze, forGold)).ShouldBe("422 insufficient-points", "the points are the member's own");
        await room.Part(bronze, gold);
        (await room.Get($"rewards/{cheaper}?customer={bronze}")).Long("customerPrice").ShouldBe(50);
        (await room.Balance(bronze), await room.Balance(gold)).ShouldBe((10, 2_500));
        (await room.Items($"orders?customer={bronze}")).Length.ShouldBe(3, "what was ordered stays with who ordered it");
    }

    [Fact]
    public async Task the_limit_counts_what_all_members_have()
    {
        var (one, two) = (await room.Customer(100), await room.Customer(100));
        var reward = await room.NewReward(Offer(10, perMember: 2), 9);
        (await Order(one, reward)).ShouldBe("created");
        await room.Merge(two, one);
        (await room.Get($"rewards/{reward}?customer={two}")).GetProperty("affordable").GetBoolean().ShouldBeTrue();
        (await Order(two, reward)).ShouldBe("created");
        (await room.Get($"rewards/{reward}?customer={two}")).GetProperty("affordable").GetBoolean().ShouldBeFalse();
        (await Order(two, reward), await Order(one, reward)).ShouldBe(("422 limit-reached", "422 limit-reached"));
        (await room.Items($"orders?customer={two}")).Select(GroupWords.Customer).ShouldBe([one, two], ignoreOrder: true);
        await room.Part(one, two);
        (await Order(two, reward)).ShouldBe("created", "each had one");
    }

    [Fact]
    public async Task members_who_order_at_once_get_no_more_than_one_person_may_have()
    {
        var members = new[] { await room.Customer(100), await room.Customer(100), await room.Customer(100) };
        var reward = await room.NewReward(Offer(1, perMember: 5), 100);
        await room.Merge(members);
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Order(members[i % 3], reward)));
        answers.CountBy(a => a).ShouldBe([new("created", 5), new("422 limit-reached", 25)], ignoreOrder: true);
    }

    [Fact]
    public async Task the_better_tier_opens_activities_to_every_member()
    {
        var (bronze, gold) = (await room.Customer(60), await room.Customer(2_500));
        var activity = await room.Planned(ActivityWords.Plan(minimumTier: "Gold"));
        (await room.Join(activity, bronze).Outcome()).ShouldBe("422 tier-too-low");
        await room.Merge(gold, bronze);
        (await room.Join(activity, bronze).Outcome()).ShouldBe("created");
    }

    Task<string> Order(Guid customer, Guid reward) => room.Shop().Say("orders", new { customerId = customer, rewardId = reward }).Outcome();
}
