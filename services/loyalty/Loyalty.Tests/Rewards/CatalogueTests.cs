using System.Text.Json;
using static CrmPlatform.Loyalty.Tests.Given;
using static CrmPlatform.Loyalty.Tests.Rewards.RewardWords;

namespace CrmPlatform.Loyalty.Tests.Rewards;

public class CatalogueTests
{
    static readonly Reward none = Loyalty.Rewards.Reward.Initial;
    static readonly Reward created = new Reward().Evolve(new RewardCreated("mug", Offer(), 5, Day(0)));

    [Fact]
    public void a_reward_is_created_once_and_seen_by_nobody_before_it_is_published()
    {
        new CreateReward("mug", Offer(), 5).Decide(none, Rules(), Day(0)).Happened(new RewardCreated("mug", Offer(), 5, Day(0)));
        created.IsPublished.ShouldBeFalse();
        Should
            .Throw<DuplicateException>(() => new CreateReward("mug", Offer(), 5).Decide(created, Rules(), Day(1)))
            .Code.ShouldBe("duplicate-reward");
    }

    [Fact]
    public void a_change_is_the_whole_offer_and_the_same_offer_is_no_change()
    {
        var cheaper = Offer(90, tierPrices: new() { ["Gold"] = 50 });
        new ChangeReward(cheaper).Decide(created, Rules(), Day(1)).Happened(new RewardChanged(cheaper, Day(1)));
        new ChangeReward(Offer()).Decide(created, Rules(), Day(1)).ShouldBeEmpty();
        created.Evolve(new RewardChanged(cheaper, Day(1))).Stock.ShouldBe(5, "what is there is not what it costs");
    }

    [Fact]
    public void instants_of_the_window_are_kept_in_utc()
    {
        var noon = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.FromHours(8));
        var offer = new CreateReward("mug", Offer(from: noon)).Decide(none, Rules(), Day(0)).Cast<RewardCreated>().Single().Offer;
        (offer.From, offer.From!.Value.Offset).ShouldBe((noon, TimeSpan.Zero));
    }

    public static TheoryData<string, Offer> Broken =>
        new()
        {
            { "invalid-name", Offer() with { Names = new Dictionary<string, string> { ["english"] = "A mug" } } },
            { "invalid-name", Offer() with { Names = new Dictionary<string, string> { ["en"] = " " } } },
            { "unknown-tier", Offer(tierPrices: new() { ["Wood"] = 1 }) },
            { "unknown-tier", Offer(notFor: ["Wood"]) },
            { "invalid-price", Offer(tierPrices: new() { ["Gold"] = 0 }) },
            { "invalid-window", Offer(from: Day(2), until: Day(2)) },
            { "invalid-validity", Offer() with { ValidDays = 3 } },
            { "invalid-validity", Offer(kind: RewardKind.Coupon) with { ValidDays = null } },
        };

    [Theory, MemberData(nameof(Broken))]
    public void an_offer_that_does_not_hold_together_is_refused(string code, Offer offer)
    {
        Should.Throw<RuleViolationException>(() => new CreateReward("mug", offer).Decide(none, Rules(), Day(0))).Code.ShouldBe(code);
        Should.Throw<RuleViolationException>(() => new ChangeReward(offer).Decide(created, Rules(), Day(0))).Code.ShouldBe(code);
    }

    [Fact]
    public void stock_comes_and_goes_with_a_reason_but_what_is_reserved_stays()
    {
        var open = created.Evolve(new StockReserved(Id(1), Day(1))).Evolve(new StockReserved(Id(2), Day(1)));
        new RestockReward(10, "delivery").Decide(open, Day(2)).Happened(new RewardRestocked(10, "delivery", Day(2)));
        new RestockReward(-3, "broken").Decide(open, Day(2)).Happened(new RewardRestocked(-3, "broken", Day(2)));
        Should.Throw<RuleViolationException>(() => new RestockReward(-4, "broken").Decide(open, Day(2))).Code.ShouldBe("stock-reserved");
        new RestockReward(-4, "broken").Decide(open.Evolve(new StockReleased(Id(1), Day(2))), Day(2)).Length.ShouldBe(1);
        new RestockReward(0, "nothing").Decide(open, Day(2)).ShouldBeEmpty();
        Should
            .Throw<RuleViolationException>(() => new RestockReward(1, "delivery").Decide(Reward(), Day(2)))
            .Code.ShouldBe("stock-unlimited");
    }

    [Fact]
    public void a_reward_that_is_loaded_from_a_snapshot_decides_as_one_that_is_folded()
    {
        var folded = Reward(
                Offer(
                    90,
                    RewardKind.Trial,
                    perMember: 2,
                    tierPrices: new() { ["Gold"] = 50 },
                    notFor: ["Bronze"],
                    from: Day(0),
                    until: Day(9)
                ),
                stock: 5
            )
            .Evolve(new StockReserved(Id(1), Day(1)));
        var loaded = JsonSerializer.Deserialize<Reward>(
            JsonSerializer.SerializeToUtf8Bytes(folded, EventStoreOptions.Json),
            EventStoreOptions.Json
        )!;
        JsonSerializer.Serialize(loaded).ShouldBe(JsonSerializer.Serialize(folded));
        new ChangeReward(folded.Offer!).Decide(loaded, Rules(), Day(2)).ShouldBeEmpty();
        Should.Throw<RuleViolationException>(() => new RestockReward(-5, "broken").Decide(loaded, Day(2))).Code.ShouldBe("stock-reserved");
    }

    [Fact]
    public void publishing_and_withdrawing_twice_is_once()
    {
        PublishReward.Decide(created, Day(1)).Happened(new RewardPublished(Day(1)));
        var published = created.Evolve(new RewardPublished(Day(1)));
        PublishReward.Decide(published, Day(1)).ShouldBeEmpty();
        WithdrawReward.Decide(published, Day(2)).Happened(new RewardWithdrawn(Day(2)));
        WithdrawReward.Decide(created, Day(2)).ShouldBeEmpty();
    }
}
