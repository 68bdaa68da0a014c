namespace CrmPlatform.Segmentation.Abc;

/// <summary>
/// The revenue (minor units) that a run found necessary for grade A and for grade B; null where nobody reached it. From the customers in
/// descending order of net revenue: A while the share before the customer is below 80 %, B below 95 %, else C; equal revenue takes
/// the better grade, revenue of zero or less is C. So the crossing customer belongs to the better grade, and one dominant customer is A.
/// </summary>
public sealed record AbcScale(long? A, long? B)
{
    public const decimal ShareOfA = 0.80m,
        ShareOfB = 0.95m;

    /// <summary>The scale of a population. The total is that of the positive revenues: a share below zero means nothing.</summary>
    public static AbcScale Of(ReadOnlySpan<long> revenues, decimal shareOfA = ShareOfA, decimal shareOfB = ShareOfB)
    {
        var sorted = revenues.ToArray();
        Array.Sort(sorted);
        var total = 0m;
        foreach (var revenue in sorted)
            if (revenue > 0)
                total += revenue;
        var before = 0m;
        long? a = null,
            b = null;
        for (var i = sorted.Length - 1; i >= 0 && sorted[i] > 0; i--)
        {
            // The first of equals has the least before it, so the last value that passes carries all its equals.
            if (before < shareOfA * total)
                a = sorted[i];
            if (before < shareOfB * total)
                b = sorted[i];
            before += sorted[i];
        }
        return new(a, b);
    }

    public string Grade(long revenue) =>
        revenue <= 0 ? "C"
        : revenue >= A ? "A"
        : revenue >= B ? "B"
        : "C";
}
