namespace CrmPlatform.ServiceDesk.Tests;

public class FrozenTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    [Fact]
    public void stored_events_keep_their_shapes() => Frozen.Check(fixture.Store);
}
