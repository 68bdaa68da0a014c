namespace CrmPlatform.Segmentation.Tests;

public class FrozenTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public void stored_events_keep_their_shapes() => Frozen.Check(fixture.Store);
}
