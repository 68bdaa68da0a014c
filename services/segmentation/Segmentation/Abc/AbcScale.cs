namespace CrmPlatform.Segmentation.Abc;

/// <summary>
/// The revenue (minor units) that a run found necessary for grade A and for grade B; null where nobody reached it. From the customers in
/// descending order of net revenue: A while the share before the customer is below 80 %, B below 95 %, else C; equal revenue takes
/// the better grade, revenue of zero or less is C. So the crossing customer belongs to the better grade, and one dominant customer is A.
/// </summary>
/// <param name="Margins">Null where nobody has revenue, and in runs of earlier versions.</param>
public sealed record AbcScale(long? A, long? B, AbcMargins? Margins = null)
{
    public const decimal ShareOfA = 0.80m,
        ShareOfB = 0.95m;

    public static IReadOnlyList<string> Grades { get; } = ["A", "B", "C"];

    /// <summary>The scale of a population. The total is that of the positive revenues: a share below zero means nothing.</summary>
    public static AbcScale Of(ReadOnlySpan<long> revenues, decimal shareOfA = ShareOfA, decimal shareOfB = ShareOfB)
    {
        var sorted = revenues.ToArray();
        Array.Sort(sorted);
        var total = 0m;
        foreach (var revenue in sorted)
            if (revenue > 0)
                total += revenue;
        return new(
            Least(shareOfA),
            Least(shareOfB),
            total == 0
                ? null
                : new(
                    UpToA: Least(shareOfA - AbcMargins.Points),
                    DownFromA: Least(shareOfA + AbcMargins.Points, orEqual: true),
                    UpToB: Least(shareOfB - AbcMargins.Points),
                    DownFromB: Least(shareOfB + AbcMargins.Points, orEqual: true)
                )
        );

        // The first of equals has the least before it, so the last value that passes carries all its equals.
        long? Least(decimal share, bool orEqual = false)
        {
            var (before, bound) = (0m, share * total);
            long? least = null;
            for (var i = sorted.Length - 1; i >= 0 && sorted[i] > 0 && (before < bound || (orEqual && before == bound)); i--)
            {
                least = sorted[i];
                before += sorted[i];
            }
            return least;
        }
    }

    public string Grade(long revenue) =>
        revenue <= 0 ? "C"
        : revenue >= A ? "A"
        : revenue >= B ? "B"
        : "C";

    /// <summary>Whether the share before a customer is more than two points past the boundary of the grade that they have.</summary>
    public bool IsPast(string grade, long revenue) =>
        revenue <= 0
            ? grade != "C"
            : grade switch
            {
                "A" => revenue < Margins?.DownFromA,
                "B" => revenue >= Margins?.UpToA || revenue < Margins?.DownFromB,
                _ => revenue >= Margins?.UpToB,
            };
}
