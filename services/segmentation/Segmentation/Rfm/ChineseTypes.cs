namespace CrmPlatform.Segmentation.Rfm;

/// <summary>
/// The eight types that Chinese users expect: recency, frequency and revenue above or below the mean. Revenue gives 重要 or 一般.
/// </summary>
public static class ChineseTypes
{
    /// <summary>In the usual order; the index is read as the bits not-much, not-often, not-near of <see cref="Of"/>.</summary>
    public static IReadOnlyList<string> All { get; } =
    ["重要价值", "重要保持", "重要发展", "重要挽留", "一般价值", "一般保持", "一般发展", "一般挽留"];

    public static string Of(bool near, bool often, bool much) => All[(much ? 0 : 4) + (often ? 0 : 2) + (near ? 0 : 1)];
}
