using CrmPlatform.Crm;

namespace CrmPlatform.Deploy.Tests;

public class RoomFilesTests
{
    public static TheoryData<string> Files => [.. RoomFiles.All(Offline.Root, Client.Asked).Keys];

    [Theory, MemberData(nameof(Files))]
    public void every_file_is_as_rooms_json_wants_it(string file) =>
        File.ReadAllText(Path.Combine(Offline.Root, file)).ShouldBe(RoomFiles.All(Offline.Root, Client.Asked)[file], "./crm rooms --write brings it in line");

    [Fact]
    public void each_room_stands_on_a_line_of_its_own()
    {
        var lines = Offline.Read("rooms.json").Split('\n').Where(line => line.Contains("\"name\"", StringComparison.Ordinal)).ToList();
        lines.Count.ShouldBe(Rooms.Room.All.Count);
        var (_, names) = Offline.Run(Path.Combine(Offline.Root, "tools", "infra.sh"), ["rooms"], Offline.Root);
        names.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(Rooms.Room.All.Select(room => room.Name));
        Rooms.Room.All.Select(room => room.Port).ShouldBeUnique();
        Rooms.Room.All.ShouldAllBe(room => room.Port > 20 && room.Port < 40);
    }
}
