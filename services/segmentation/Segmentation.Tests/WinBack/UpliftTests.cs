using CrmPlatform.Segmentation.WinBack;

namespace CrmPlatform.Segmentation.Tests.WinBack;

public class UpliftTests
{
    [Theory]
    [InlineData(66, 600, 16, 200, .0300, -.0212, .0709, false)]
    [InlineData(90, 600, 16, 200, .0700, .0170, .1131, true)]
    // Newcombe 1998, table II, method 10: 56/70 and 48/80, 9/10 and 3/10, 10/10 and 0/10.
    [InlineData(56, 70, 48, 80, .2000, .0524, .3339, true)]
    [InlineData(9, 10, 3, 10, .6000, .1705, .8090, true)]
    [InlineData(10, 10, 0, 10, 1, .6075, 1, true)]
    public void the_interval_is_that_of_newcombe_and_wilson(
        int won,
        int treated,
        int wonOfHeld,
        int held,
        double difference,
        double low,
        double high,
        bool proven
    )
    {
        var uplift = Uplift.Of(won, treated, wonOfHeld, held)!.Value;
        uplift.Difference.ShouldBe(difference, 5e-5);
        uplift.Low.ShouldBe(low, 5e-5);
        uplift.High.ShouldBe(high, 5e-5);
        uplift.Proven.ShouldBe(proven);
    }

    [Fact]
    public void nobody_on_one_side_says_nothing() => (Uplift.Of(0, 0, 1, 5) ?? Uplift.Of(1, 5, 0, 0)).ShouldBeNull();
}
