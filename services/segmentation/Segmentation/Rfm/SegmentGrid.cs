namespace CrmPlatform.Segmentation.Rfm;

/// <summary>One segment of the grid: the cells (recency score, mean of frequency and monetary score) that it covers.</summary>
public sealed record GridSegment(string Name, string Slug, IReadOnlyList<(int Recency, int Value)> Cells);

/// <summary>
/// The default segments: a 5×5 grid of recency against FM = ⌊(F + M) / 2⌋. Every one of the 125 score cells has exactly one name.
/// </summary>
public static class SegmentGrid
{
    /// <summary>Goes into every membership; a changed table is a new version.</summary>
    public const int Version = 1;

    // Row: recency 1 to 5. Column: FM 1 to 5.
    static readonly string[][] names =
    [
        ["Lost", "Lost", "At Risk", "At Risk", "Can't Lose Them"],
        ["Hibernating", "Hibernating", "At Risk", "At Risk", "Can't Lose Them"],
        ["About To Sleep", "About To Sleep", "Need Attention", "Loyal", "Loyal"],
        ["Promising", "Potential Loyalist", "Potential Loyalist", "Loyal", "Champions"],
        ["New", "Potential Loyalist", "Potential Loyalist", "Champions", "Champions"],
    ];

    public static IReadOnlyList<GridSegment> All { get; } =
    [
        .. from recency in Enumerable.Range(1, 5).Reverse()
        from value in Enumerable.Range(1, 5).Reverse()
        group (recency, value) by names[recency - 1][value - 1] into cells
        select new GridSegment(cells.Key, Slug(cells.Key), [.. cells]),
    ];

    public static string Of(RfmScores scores) => names[scores.Recency - 1][((scores.Frequency + scores.Monetary) / 2) - 1];

    /// <summary>The segment by its name or slug (<c>cant-lose-them</c>), in any case; null when there is none.</summary>
    public static GridSegment? Find(string name) =>
        All.FirstOrDefault(s =>
            s.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || s.Slug.Equals(name, StringComparison.OrdinalIgnoreCase)
        );

    static string Slug(string name) => string.Concat(name.Where(c => c != '\'').Select(c => c == ' ' ? '-' : char.ToLowerInvariant(c)));
}
