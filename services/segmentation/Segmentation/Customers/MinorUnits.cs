namespace CrmPlatform.Segmentation.Customers;

/// <summary>Money as whole minor units (cents), so that sums and comparisons are exact.</summary>
public static class MinorUnits
{
    /// <summary>Digits after the point by ISO 4217; a half goes to the even neighbour.</summary>
    public static long Of(decimal amount, string currency) => (long)decimal.Round(amount * Factor(currency), 0, MidpointRounding.ToEven);

    public static decimal ToAmount(decimal minorUnits, string currency) => minorUnits / Factor(currency);

    static decimal Factor(string currency) =>
        currency switch
        {
            "BIF"
            or "CLP"
            or "DJF"
            or "GNF"
            or "ISK"
            or "JPY"
            or "KMF"
            or "KRW"
            or "PYG"
            or "RWF"
            or "UGX"
            or "UYI"
            or "VND"
            or "VUV"
            or "XAF"
            or "XOF"
            or "XPF" => 1m,
            "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 1000m,
            _ => 100m,
        };
}
