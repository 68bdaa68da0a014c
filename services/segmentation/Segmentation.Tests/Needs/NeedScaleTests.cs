using CrmPlatform.Segmentation.Needs;

namespace CrmPlatform.Segmentation.Tests.Needs;

public class NeedScaleTests
{
    static readonly NeedScale threeFifths = new("price", 60, 100, 10, .1);
    static readonly NeedScale half = new("price", 15, 30, 3, .1);

    [Theory]
    [InlineData(3, 3, .6923)]
    [InlineData(8, 10, .70)]
    [InlineData(45, 50, .85)]
    public void a_share_of_few_orders_is_drawn_towards_the_mean(int counted, int orders, double strength)
    {
        var shrunk = (counted + (10 * threeFifths.Mean)) / (orders + 10);
        shrunk.ShouldBe(strength, .00005);
        threeFifths.Strength(new(orders, counted)).ShouldBe(orders < 5 ? null : shrunk);
    }

    [Fact]
    public void the_worked_example_has_its_numbers()
    {
        var shop = new Dictionary<NeedCount, int>
        {
            [new(10, 10)] = 1,
            [new(10, 3)] = 1,
            [new(10, 2)] = 1,
        };
        var scale = NeedScale.Of("price", shop);
        (scale.Mean, scale.Judged, scale.Deviation).ShouldBe((.5, 3, .177951304));
        scale.Strength(new(10, 10)).ShouldBe(.75);
        scale.BandOf(new(10, 10), null).ShouldBe(NeedBand.High, "exactly .25 above the mean");
        scale.Distance(new(10, 10))!.Value.ShouldBe(1.4049, .00005);
        scale.BandOf(new(10, 3), null).ShouldBeNull();
    }

    [Theory]
    // m = .5 and n = 10: strength is (k + 5) / 20, .05 for each order; the edges are k = 8 and k = 10.
    [InlineData(10, null, NeedBand.High)]
    [InlineData(9, null, NeedBand.Low)]
    [InlineData(8, null, NeedBand.Low)]
    [InlineData(7, null, null)]
    [InlineData(7, NeedBand.Low, NeedBand.Low)]
    [InlineData(6, NeedBand.Low, null)]
    [InlineData(9, NeedBand.Low, NeedBand.Low)]
    [InlineData(10, NeedBand.Low, NeedBand.High)]
    [InlineData(9, NeedBand.High, NeedBand.High)]
    [InlineData(8, NeedBand.High, NeedBand.Low)]
    [InlineData(7, NeedBand.High, NeedBand.Low)]
    [InlineData(6, NeedBand.High, null)]
    public void a_band_is_left_five_hundredths_below_its_edge(int counted, NeedBand? before, NeedBand? band) =>
        half.BandOf(new(10, counted), before).ShouldBe(band);

    [Fact]
    public void of_fewer_than_five_orders_nothing_is_known_and_a_discount_for_all_says_nothing()
    {
        var few = new NeedCount(4, 4);
        half.Strength(few).ShouldBeNull();
        half.BandOf(few, NeedBand.High).ShouldBeNull();
        new NeedScale("price", 90, 100, 10, .1).Off.ShouldBeFalse();
        var off = new NeedScale("price", 901, 1_000, 10, .1);
        off.Off.ShouldBeTrue();
        off.BandOf(new(1_000, 1_000), NeedBand.Low).ShouldBeNull();
        NeedScale.Of("price", new Dictionary<NeedCount, int>()).BandOf(new(5, 5), null).ShouldBeNull("there is no mean");
        var alike = NeedScale.Of("price", new Dictionary<NeedCount, int> { [new(10, 5)] = 3 });
        (alike.Deviation, alike.Distance(new(10, 5))).ShouldBe((0, null));
    }

    [Fact]
    public void the_primary_need_is_what_was_declared_or_what_is_furthest_above_the_mean()
    {
        Of(Inferred("price")).ShouldBe("price");
        Of(Inferred("price"), Inferred("service")).ShouldBe("service");
        Of(Inferred("price"), Inferred("brand")).ShouldBeNull("1.05 and 1 are as good");
        Of(Inferred("price"), new("quality", StandingNeed.Declared, null)).ShouldBe("quality");
        Of(new StandingNeed("novelty", StandingNeed.Declared, null), new("quality", StandingNeed.Declared, null)).ShouldBeNull();
        Of().ShouldBeNull();

        static StandingNeed Inferred(string code) => new(code, StandingNeed.Inferred, NeedBand.Low);

        static string? Of(params StandingNeed[] standing) =>
            NeedShown.Primary(
                standing,
                code =>
                    code switch
                    {
                        "price" => 1.05,
                        "brand" => 1,
                        _ => 1.2,
                    }
            );
    }
}
