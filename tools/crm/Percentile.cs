namespace CrmPlatform.Crm;

/// <summary>Nearest-rank percentiles: always a value that was measured.</summary>
public static class Percentile
{
    /// <exception cref="ArgumentException">Nothing was measured, or the rank is not in (0, 100].</exception>
    public static T Of<T>(IEnumerable<T> values, double percent)
    {
        var sorted = values.Order().ToList();
        if (sorted.Count == 0)
            throw new ArgumentException("nothing was measured", nameof(values));
        if (percent is not (> 0 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "between 0 and 100");
        // Decimal: 28 percent of 25 values is rank 7, in binary fractions it would be the one after.
        return sorted[(int)Math.Ceiling((decimal)percent * sorted.Count / 100) - 1];
    }
}
