using CrmPlatform.Segmentation.Xyz;

namespace CrmPlatform.Segmentation.Tests.Xyz;

public class VariationTests
{
    [Theory]
    [InlineData(new long[] { 10, 12, 8, 11, 9, 10 }, .1291, "X")]
    [InlineData(new long[] { 0, 30, 0, 0, 25, 5 }, 1.2583, "Z")]
    [InlineData(new long[] { 0, 20, 0, 20, 0, 20 }, 1, "Y")]
    [InlineData(new long[] { 5, 15, 5, 15, 5, 15 }, .5, "X")]
    public void worked_examples(long[] months, double variation, string xyz)
    {
        Variation.Of(months)!.Value.ShouldBe(variation, .00005);
        Variation.Class(Variation.Of(months)).ShouldBe(xyz);
    }

    [Theory]
    [InlineData(new long[] { 1, 1, 1, 1, 1 })]
    [InlineData(new long[] { 0, 0, 0, 0, 0, 0 })]
    [InlineData(new long[] { 10, -20, 5, 0, 0, 0 })]
    public void of_too_few_months_and_of_no_revenue_nothing_is_said(long[] months)
    {
        Variation.Of(months).ShouldBeNull();
        Variation.Class(null).ShouldBeNull();
    }

    [Fact]
    public void neither_the_currency_nor_the_order_of_the_months_matters() =>
        Prop.ForAll(
                Gen.Choose(0, 100_000).ListOf(12).ToArbitrary(),
                months =>
                {
                    long[] net = [.. months.Select(m => (long)m)];
                    var variation = Variation.Of(net);
                    if (variation is null)
                        return;
                    Variation.Of([.. net.Select(m => 7 * m)])!.Value.ShouldBe(variation.Value, 1e-9);
                    Variation.Of([.. net.Order()])!.Value.ShouldBe(variation.Value, 1e-9);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Theory]
    [InlineData("2026-05-31", 2026 * 12 + 4)]
    [InlineData("2026-05-30", 2026 * 12 + 3)]
    [InlineData("2026-01-15", 2025 * 12 + 11)]
    [InlineData("2024-02-29", 2024 * 12 + 1)]
    public void only_whole_months_count(string asOf, int last) =>
        MonthlyNet.LastMonth(DateOnly.Parse(asOf, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(last);
}
