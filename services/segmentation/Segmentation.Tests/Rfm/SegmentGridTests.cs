using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Tests.Rfm;

public class SegmentGridTests
{
    [Fact]
    public void each_of_the_125_cells_has_exactly_one_name()
    {
        foreach (var r in Enumerable.Range(1, 5))
        foreach (var f in Enumerable.Range(1, 5))
        foreach (var m in Enumerable.Range(1, 5))
            SegmentGrid.All.Where(s => s.Cells.Contains((r, (f + m) / 2))).Select(s => s.Name).ShouldBe([SegmentGrid.Of(new(r, f, m))]);
        SegmentGrid.All.Sum(s => s.Cells.Count).ShouldBe(25);
        SegmentGrid.All.Count.ShouldBe(11);
    }

    [Theory]
    [InlineData(5, 5, 5, "Champions")]
    [InlineData(5, 4, 4, "Champions")]
    [InlineData(4, 5, 5, "Champions")]
    [InlineData(4, 4, 4, "Loyal")]
    [InlineData(3, 5, 5, "Loyal")]
    [InlineData(5, 3, 3, "Potential Loyalist")]
    [InlineData(4, 2, 3, "Potential Loyalist")]
    [InlineData(5, 1, 1, "New")]
    [InlineData(5, 1, 2, "New")]
    [InlineData(4, 1, 1, "Promising")]
    [InlineData(3, 3, 3, "Need Attention")]
    [InlineData(3, 1, 4, "About To Sleep")]
    [InlineData(2, 3, 5, "At Risk")]
    [InlineData(1, 5, 5, "Can't Lose Them")]
    [InlineData(2, 5, 5, "Can't Lose Them")]
    [InlineData(2, 1, 1, "Hibernating")]
    [InlineData(1, 2, 3, "Lost")]
    public void grid_reads_recency_and_the_mean_of_the_other_two(int r, int f, int m, string segment) =>
        SegmentGrid.Of(new(r, f, m)).ShouldBe(segment);

    [Fact]
    public void segments_are_found_by_name_and_by_slug()
    {
        SegmentGrid.Find("cant-lose-them").ShouldBe(SegmentGrid.Find("Can't Lose Them"));
        SegmentGrid.Find("cant-lose-them")!.Name.ShouldBe("Can't Lose Them");
        SegmentGrid.Find("champions")!.Name.ShouldBe("Champions");
        SegmentGrid.Find("whales").ShouldBeNull();
    }
}
