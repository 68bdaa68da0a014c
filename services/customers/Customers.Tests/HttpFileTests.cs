using CrmPlatform.Testing;

namespace CrmPlatform.Customers.Tests;

/// <summary>The room's <c>.http</c> file does what it says. A room of its own: its clock stands still.</summary>
public class HttpFileTests(RoomWithNeighbours room) : IClassFixture<RoomWithNeighbours>
{
    static readonly string folder = Path.Combine(TestServers.Root, "services", "customers");

    [Fact]
    public async Task the_http_file_runs_from_top_to_bottom_and_its_answers_are_the_examples()
    {
        room.Clock.Stop(new DateTimeOffset(2026, 12, 1, 2, 0, 0, TimeSpan.Zero));
        await HttpRun.Check(
            room,
            HttpFile.Read(Path.Combine(folder, "customers.http")),
            Path.Combine(folder, "Customers", "examples.json"),
            new Dictionary<string, string>()
        );
    }
}
