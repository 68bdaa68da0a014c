namespace CrmPlatform.ServiceDefaults;

/// <summary>Parts of a whole in percent, with two decimals, that add up to exactly 100 (largest remainder).</summary>
public static class Percentages
{
    /// <summary>A hundredth of a percent.</summary>
    const int Units = 10_000;

    /// <param name="parts">A part below zero has no share, and the whole is what is above zero.</param>
    /// <returns>
    /// In the order of the parts, each less than 0.01 from its exact share; of equal remainders the earlier part has more. All 0 where
    /// nothing is above zero.
    /// </returns>
    public static IReadOnlyList<decimal> Of(IReadOnlyList<decimal> parts)
    {
        var whole = parts.Where(p => p > 0).Sum();
        if (whole == 0)
            return [.. parts.Select(_ => 0m)];
        var exact = parts.Select(p => p > 0 ? p / whole * Units : 0).ToList();
        var units = exact.ConvertAll(decimal.Floor);
        var missing = Units - units.Sum();
        foreach (var i in Enumerable.Range(0, parts.Count).OrderByDescending(i => exact[i] - units[i]).Take((int)missing))
            units[i]++;
        return [.. units.Select(u => u / 100)];
    }
}
