using System.Text.RegularExpressions;
using CrmPlatform.Rooms;
using CrmPlatform.Testing;

namespace CrmPlatform.Platform.Tests;

/// <summary>The folders of a room depend one way: each can be read without those that use it.</summary>
public sealed class FolderTests
{
    public static TheoryData<string> Rooms => [.. Room.All.Select(room => room.Name)];

    [Theory, MemberData(nameof(Rooms))]
    public void folders_depend_one_way(string name)
    {
        var room = Room.Named(name);
        var folder = Path.Combine(TestServers.Root, room.Folder);
        var uses = Directory
            .GetDirectories(folder)
            .Select(path => Path.GetFileName(path)!)
            .Where(f => f is not ("bin" or "obj"))
            .ToDictionary(
                f => f,
                f =>
                    Directory
                        .EnumerateFiles(Path.Combine(folder, f), "*.cs", SearchOption.AllDirectories)
                        .SelectMany(file => Used(File.ReadAllText(file), room))
                        .Where(used => used != f)
                        .ToHashSet()
            );
        File.ReadAllText(Path.Combine(folder, "GlobalUsings.cs"))
            .ShouldNotContain($"CrmPlatform.{room.Project}.", Case.Sensitive, "a folder that uses another says so itself");
        foreach (var f in uses.Keys)
            Reached(f, uses).ShouldNotContain(f, $"{f} uses, by way of others, itself");
    }

    static IEnumerable<string> Used(string source, Room room) =>
        Regex.Matches(source, $@"CrmPlatform\.{room.Project}\.(\w+)").Select(m => m.Groups[1].Value);

    static HashSet<string> Reached(string from, Dictionary<string, HashSet<string>> uses)
    {
        var (reached, open) = (new HashSet<string>(), new Queue<string>(uses[from]));
        while (open.TryDequeue(out var next))
        {
            if (!uses.ContainsKey(next) || !reached.Add(next))
                continue;
            foreach (var used in uses[next])
                open.Enqueue(used);
        }
        return reached;
    }
}
