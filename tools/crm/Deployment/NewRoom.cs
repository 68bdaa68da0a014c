using System.CommandLine;
using System.Text.RegularExpressions;
using CrmPlatform.Rooms;

namespace CrmPlatform.Crm;

/// <summary>A room that builds, migrates and answers, made from tools/new-room: a folder, an entry in rooms.json, a contracts file, two lines in the solution.</summary>
public static partial class NewRoom
{
    public static readonly Argument<string> Name = new("name") { Description = "lower case, words with hyphens: field-visits" };

    public static async Task<int> Run(Call call, CancellationToken ct)
    {
        var (root, name) = (call.Instance.Root, call.Arguments.GetValue(Name)!);
        if (!ValidName().IsMatch(name)) throw new CrmException($"'{name}' is no name for a room: words of lower-case letters with hyphens between them, like field-visits");
        if (Directory.Exists(Path.Combine(root, "services", name)) || Part.All.Any(part => part.Name == name)) throw new CrmException($"there is a {name} already");

        var room = new Room { Name = name, Port = Enumerable.Range(21, 19).First(port => Room.All.All(other => other.Port != port)) };
        foreach (var file in Directory.GetFiles(Path.Combine(root, "tools", "new-room"), "*.template", SearchOption.AllDirectories))
        {
            var to = Path.GetRelativePath(Path.Combine(root, "tools", "new-room"), file)[..^".template".Length];
            var path = Path.Combine(root, to == "contract.cs" ? $"shared/contracts/{room.Project}.cs" : Path.Combine("services", name, Named(to, room)));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, Named(await File.ReadAllTextAsync(file, ct), room), ct);
        }
        await Declare(Path.Combine(root, "rooms.json"), room, ct);
        string[] projects = [$"services/{name}/{room.Project}/{room.Project}.csproj", $"services/{name}/{room.Project}.Tests/{room.Project}.Tests.csproj"];
        var (code, output) = await Processes.Run("dotnet", ["sln", Path.Combine(root, "CrmPlatform.sln"), "add", .. projects.Select(project => Path.Combine(root, project))], new Dictionary<string, string>(), ct);
        if (code != 0) throw new CrmException($"the solution does not take the room:\n{output}");
        Console.WriteLine($"""
            services/{name} is there. What follows from it, in this order:
              ./crm rooms --write        docker-compose.yml and deploy/
              ./crm docs                 docs/events.md, docs/schemas, docs/context-map.md
              CONTRIBUTING.md, "Frozen shapes": its stored events, its examples, the contracts
            """);
        return 0;
    }

    static string Named(string text, Room room) => text.Replace("__room__", room.Name, StringComparison.Ordinal).Replace("__Room__", room.Project, StringComparison.Ordinal).Replace("__stream__", room.Database, StringComparison.Ordinal);

    // A line of its own, which the scripts rely on.
    static async Task Declare(string file, Room room, CancellationToken ct)
    {
        var lines = (await File.ReadAllLinesAsync(file, ct)).ToList();
        var last = lines.FindLastIndex(line => line.Contains('}', StringComparison.Ordinal));
        lines[last] += ",";
        lines.Insert(last + 1, $$"""  { "name": "{{room.Name}}", "port": {{room.Port}} }""");
        await File.WriteAllTextAsync(file, string.Join('\n', lines) + "\n", ct);
    }

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex ValidName();
}
