using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Tests.Customers;

public sealed class MinorUnitsTests
{
    [Theory]
    [InlineData("1.005", "USD", 100)]
    [InlineData("1.015", "USD", 102)]
    [InlineData("0.5", "JPY", 0)]
    [InlineData("1.2345", "KWD", 1234)]
    public void money_is_whole_minor_units(string amount, string currency, long expected) =>
        MinorUnits.Of(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), currency).ShouldBe(expected);
}
