namespace CrmPlatform.Segmentation.Customers;

/// <summary>Money as whole minor units (cents), so that sums and comparisons are exact.</summary>
public static class MinorUnits
{
    /// <summary>Digits after the point by ISO 4217; a half goes to the even neighbour.</summary>
    public static long Of(decimal amount, string currency) => (long)decimal.Round(amount * Factor(currency), 0, MidpointRounding.ToEven);

    public static decimal ToAmount(decimal minorUnits, string currency) => minorUnits / Factor(currency);

    static decimal Factor(string currency) =>
        Money.Digits(currency) switch
        {
            0 => 1m,
            3 => 1000m,
            _ => 100m,
        };
}
