using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Crm.Tests;

public class PercentileTests
{
    [Theory]
    [InlineData(50, 50)]
    [InlineData(99, 99)]
    [InlineData(100, 100)]
    [InlineData(0.5, 1)]
    public void of_one_to_a_hundred_it_is_the_rank_itself(double percent, int expected) =>
        Percentile.Of(Enumerable.Range(1, 100).Reverse(), percent).ShouldBe(expected);

    [Fact]
    public void the_rank_does_not_slip_through_a_binary_fraction() => Percentile.Of(Enumerable.Range(1, 25), 28).ShouldBe(7);

    [Fact]
    public void it_is_a_measured_value_and_at_least_that_share_is_not_above_it() =>
        Prop.ForAll(
                Gen.Choose(-1000, 1000).NonEmptyListOf().ToArbitrary(),
                Gen.Choose(1, 100).ToArbitrary(),
                (values, percent) =>
                {
                    var value = Percentile.Of(values, percent);
                    return values.Contains(value)
                        && values.Count(other => other <= value) * 100 >= percent * values.Count
                        && values.Count(other => other < value) * 100 < percent * values.Count;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void nothing_measured_has_no_percentile() => Should.Throw<ArgumentException>(() => Percentile.Of(Array.Empty<int>(), 50));
}
