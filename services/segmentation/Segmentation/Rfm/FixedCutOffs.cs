namespace CrmPlatform.Segmentation.Rfm;

/// <summary>Cut-off values that are given: what a customer must be strictly better than.</summary>
/// <param name="Revenue">In minor units.</param>
public sealed record FixedCutOffs(DateOnly[] LastOrder, long[] Orders, long[] Revenue)
{
    /// <param name="minor">An amount in minor units.</param>
    public static FixedCutOffs Of(RfmEdges edges, DateOnly asOf, Func<decimal, long> minor) =>
        new(
            [.. edges.RecencyDays.Select(days => DateOnly.FromDayNumber(Math.Max(0, asOf.DayNumber - days - 1)))],
            [.. edges.Frequency.Select(least => least - 1)],
            [.. edges.Monetary.Select(least => minor(least) - 1)]
        );
}
