using CrmPlatform.Crm;

namespace CrmPlatform.Deploy.Tests;

public class RoomFilesTests
{
    public static TheoryData<string> Files => [.. RoomFiles.All(Offline.Root, Client.Asked).Keys];

    [Theory, MemberData(nameof(Files))]
    public void every_file_is_as_rooms_json_wants_it(string file) =>
        File.ReadAllText(Path.Combine(Offline.Root, file))
            .ShouldBe(RoomFiles.All(Offline.Root, Client.Asked)[file], "./crm rooms --write brings it in line");

    [Fact]
    public void each_room_stands_on_a_line_of_its_own()
    {
        var lines = Offline.Read("rooms.json").Split('\n').Where(line => line.Contains("\"name\"", StringComparison.Ordinal)).ToList();
        lines.Count.ShouldBe(Rooms.Room.All.Count);
        var (_, names) = Offline.Run(Path.Combine(Offline.Root, "tools", "infra.sh"), ["rooms"], Offline.Root);
        names.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(Rooms.Room.All.Select(room => room.Name));
    }

    [Theory]
    [
        InlineData("Upper", 30, "is no name"),
        InlineData("a--b", 30, "is no name"),
        InlineData("a-very-long-name-of-a-new-room-x", 30, "is no name")
    ]
    [
        InlineData("loyalty", 30, "declared twice"),
        InlineData("sales", 24, "loyalty and sales have the same port 24"),
        InlineData("sales", 20, "the port of sales is 20; expected one from 21 to 39")
    ]
    [InlineData("sales", 30, "sales asks nobody", "nobody")]
    public void a_wrong_entry_is_named(string name, int port, string fault, params string[] asks) =>
        Rooms
            .Room.Fault([
                .. Rooms.Room.All,
                new()
                {
                    Name = name,
                    Port = port,
                    Asks = asks,
                },
            ])!
            .ShouldContain(fault);

    [Fact]
    public void entries_are_right() => Rooms.Room.Fault(Rooms.Room.All).ShouldBeNull();
}
