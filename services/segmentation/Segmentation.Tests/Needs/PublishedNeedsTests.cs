using CrmPlatform.Segmentation.Needs;

namespace CrmPlatform.Segmentation.Tests.Needs;

/// <summary>The need for low prices of 2,377 households, against numbers of a script that is not ours.</summary>
public class PublishedNeedsTests
{
    static readonly Business business = new() { TimeZone = "America/New_York", Currency = "USD" };

    static List<NeedCount> Count()
    {
        var (window, counts) = (NeedWindow.Of(new(2017, 12, 31), business, long.MaxValue), new List<NeedCount>());
        foreach (var household in Discounts.Baskets.GroupBy(b => b.Household))
        {
            var orders = new List<byte>();
            foreach (var (_, day, discounted) in household)
                NeedOrders.Add(orders, Guid.CreateVersion7(), business.StartOf(day).AddHours(15), 1, discounted);
            counts.Add(NeedOrders.Count([.. orders], [], window));
        }
        return counts;
    }

    [Fact]
    public void price_sensitive_households_are_those_of_the_published_numbers()
    {
        var counts = Count();
        var scale = NeedScale.Of("price", counts.CountBy(c => c).ToDictionary());
        (counts.Count, scale.Orders).ShouldBe((2_377, 47_243));
        Math.Round(scale.Mean, 6).ShouldBe(.602714);
        scale.Judged.ShouldBe(1_969);
        Math.Round(scale.Deviation, 6).ShouldBe(.093982);
        Having(c => (double)c.Counted / c.Orders >= .7).ShouldBe(528, "of the raw share");
        Having(c => (double)c.Counted / c.Orders >= .5).ShouldBe(1_516, "a fixed threshold");
        Having(c => scale.Strength(c) >= .7).ShouldBe(295);
        Having(c => scale.BandOf(c, null) is not null).ShouldBe(83, ".15 above the mean");
        Having(c => scale.BandOf(c, NeedBand.Low) is not null).ShouldBe(276, ".10 above, where it was so before");
        Having(c => scale.BandOf(c, null) == NeedBand.High).ShouldBe(0);

        int Having(Func<NeedCount, bool> what) => counts.Count(c => c.Orders >= 5 && what(c));
    }
}
