using CrmPlatform.ServiceDefaults;
using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Portraits.Tests;

public class PercentagesTests
{
    [Fact]
    public void equal_parts_share_the_remainder_from_the_first_on()
    {
        Percentages.Of([1, 1, 1]).ShouldBe([33.34m, 33.33m, 33.33m]);
        Percentages.Of([5, 5, 5, 5, 5, 5]).ShouldBe([16.67m, 16.67m, 16.67m, 16.67m, 16.66m, 16.66m]);
        Percentages.Of([1, 2]).ShouldBe([33.33m, 66.67m]);
    }

    [Fact]
    public void nothing_has_no_shares_and_what_is_below_zero_has_none()
    {
        Percentages.Of([]).ShouldBeEmpty();
        Percentages.Of([0, 0]).ShouldBe([0, 0]);
        Percentages.Of([-5, -1]).ShouldBe([0, 0]);
        Percentages.Of([30, -20, 10]).ShouldBe([75, 0, 25]);
    }

    [Fact]
    public void shares_add_up_to_exactly_100_each_less_than_a_hundredth_from_its_own() =>
        Prop.ForAll(
                (
                    from scale in Gen.Elements(1m, 0.01m, 0.00137m, 1e18m)
                    from parts in Gen.Frequency((4, Gen.Choose(0, 1_000_000)), (1, Gen.Constant(0)), (2, Gen.Choose(1, 3))).NonEmptyListOf()
                    select parts.Select(p => p * scale).ToArray()
                ).ToArbitrary(),
                parts =>
                {
                    var (shares, whole) = (Percentages.Of(parts), parts.Sum());
                    shares.ShouldBe(Percentages.Of([.. parts]), "the same again");
                    shares.Sum().ShouldBe(whole == 0 ? 0 : 100);
                    foreach (var (part, share) in parts.Zip(shares))
                    {
                        (share * 100 % 1).ShouldBe(0, "two decimals");
                        if (whole > 0)
                            Math.Abs(share - part / whole * 100).ShouldBeLessThan(0.01m);
                        if (part == 0)
                            share.ShouldBe(0);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
