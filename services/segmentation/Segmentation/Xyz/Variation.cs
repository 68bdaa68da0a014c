namespace CrmPlatform.Segmentation.Xyz;

/// <summary>
/// How steadily a customer buys: the coefficient of variation of the net revenue of calendar months, its population standard deviation
/// divided by its mean. X up to .5, Y up to 1, Z above.
/// </summary>
public static class Variation
{
    /// <summary>Months that are looked at.</summary>
    public const int Months = 12;

    /// <summary>With fewer months since the first order nothing is said.</summary>
    public const int FewestMonths = 6;

    const double MostOfX = .5,
        MostOfY = 1;

    /// <param name="months">Net revenue of the months since the first order, at most twelve; months without an order are 0.</param>
    /// <returns>Null where fewer than six months are known, or their mean is not positive.</returns>
    public static double? Of(ReadOnlySpan<long> months)
    {
        if (months.Length < FewestMonths)
            return null;
        var (sum, squares) = (0d, 0d);
        foreach (var net in months)
            sum += net;
        var mean = sum / months.Length;
        if (mean <= 0)
            return null;
        foreach (var net in months)
            squares += (net - mean) * (net - mean);
        return Math.Sqrt(squares / months.Length) / mean;
    }

    public static string? Class(double? variation) =>
        variation switch
        {
            null => null,
            <= MostOfX => "X",
            <= MostOfY => "Y",
            _ => "Z",
        };
}
