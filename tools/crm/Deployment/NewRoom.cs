using System.CommandLine;
using CrmPlatform.Rooms;

namespace CrmPlatform.Crm;

/// <summary>
/// A room that builds, migrates and answers, made from tools/new-room: a folder, an entry in rooms.json, a contracts file, two lines in the
/// solution.
/// </summary>
public static class NewRoom
{
    public static readonly Argument<string> Name = new("name") { Description = "lower case, words with hyphens: field-visits" };

    public static async Task<int> Run(Call call, CancellationToken ct)
    {
        var (root, name) = (call.Instance.Root, call.Arguments.GetValue(Name)!);
        var room = new Room
        {
            Name = name,
            Port = Enumerable.Range(21, 19).FirstOrDefault(port => Room.All.All(other => other.Port != port)),
        };
        if (Room.Fault([.. Room.All, room]) is { } wrong)
            throw new CrmException(wrong);
        if (Taken(root, room) is { } taken)
            throw new CrmException($"a room cannot be called {name}: {taken}");
        var (before, contracts) = (
            await File.ReadAllTextAsync(Path.Combine(root, "rooms.json"), ct),
            Path.Combine(root, "shared", "contracts", room.Project + ".cs")
        );
        try
        {
            await Make(root, room, contracts, ct);
        }
        catch
        {
            if (Directory.Exists(Path.Combine(root, "services", name)))
                Directory.Delete(Path.Combine(root, "services", name), recursive: true);
            File.Delete(contracts);
            await File.WriteAllTextAsync(Path.Combine(root, "rooms.json"), before, CancellationToken.None);
            throw;
        }
        Console.WriteLine(
            $"""
            services/{name} is there. What follows from it, in this order:
              ./crm rooms --write        docker-compose.yml and deploy/
              ./crm docs                 docs/events.md, schemas, asyncapi.yaml, context-map.md
              CONTRIBUTING.md, "Frozen shapes": its stored events, its examples, the contracts
            """
        );
        return 0;
    }

    /// <summary>What has the name already, or null.</summary>
    static string? Taken(string root, Room room)
    {
        if (Part.All.Any(part => part.Name == room.Name) || Directory.Exists(Path.Combine(root, "services", room.Name)))
            return $"there is a {room.Name} already";
        if (room.Project.EndsWith("Tests", StringComparison.Ordinal))
            return "projects that end so are tests";
        if (
            room.Name
            is "postgres"
                or "rabbitmq"
                or "otel-collector"
                or "pg"
                or "rmq"
                or "rmq-http"
                or "rmq-stream"
                or "rmq-dist"
                or "epmd"
                or "prometheus"
        )
            return "a server or its port has that name";
        if (room.Name is "kustomization" or "network-policies" or "harden-deployment" or "harden-job" or "every-room")
            return "a file of deploy/ has that name";
        if (room.Name is "ops" or "personal")
            return "permissions that are not a room's begin so";
        if (File.Exists(Path.Combine(root, "shared", "contracts", room.Project + ".cs")))
            return $"there is a shared/contracts/{room.Project}.cs";
        if (File.ReadAllText(Path.Combine(root, "CrmPlatform.sln")).Contains($"\\{room.Project}.csproj", StringComparison.Ordinal))
            return $"there is a project {room.Project}";
        string[] used =
        [
            "System",
            "System.IO",
            "System.Linq",
            "System.Net.Http",
            "System.Threading",
            "System.Threading.Tasks",
            "System.Collections.Generic",
        ];
        var hidden =
            room.Project is "Item" or "System" or "Microsoft" or "Dapper" or "Npgsql"
            || AppDomain
                .CurrentDomain.GetAssemblies()
                .SelectMany(a => a.GetExportedTypes())
                .Any(type => used.Contains(type.Namespace) && type.Name.Split('`')[0] == room.Project);
        return hidden ? $"its namespace CrmPlatform.{room.Project} would hide {room.Project}" : null;
    }

    static async Task Make(string root, Room room, string contracts, CancellationToken ct)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(root, "tools", "new-room"), "*.template", SearchOption.AllDirectories))
        {
            var to = Path.GetRelativePath(Path.Combine(root, "tools", "new-room"), file)[..^".template".Length];
            var path = Path.Combine(root, to == "contract.cs" ? contracts : Path.Combine("services", room.Name, Named(to, room)));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, Named(await File.ReadAllTextAsync(file, ct), room), ct);
        }
        await Declare(Path.Combine(root, "rooms.json"), room, ct);
        string[] projects =
        [
            $"services/{room.Name}/{room.Project}/{room.Project}.csproj",
            $"services/{room.Name}/{room.Project}.Tests/{room.Project}.Tests.csproj",
        ];
        await Dotnet(root, ["sln", "CrmPlatform.sln", "add", .. projects], "the solution does not take the room", ct);
        await Dotnet(root, ["tool", "restore"], "the formatter is not to be had", ct);
        await Dotnet(root, ["csharpier", "format", Path.Combine("services", room.Name), contracts], "the room is not formatted", ct);
    }

    static async Task Dotnet(string root, string[] arguments, string otherwise, CancellationToken ct)
    {
        var (code, output) = await Processes.Run("dotnet", arguments, new Dictionary<string, string>(), root, ct);
        if (code != 0)
            throw new CrmException($"{otherwise}:\n{output}");
    }

    static string Named(string text, Room room) =>
        text.Replace("__room__", room.Name, StringComparison.Ordinal)
            .Replace("__Room__", room.Project, StringComparison.Ordinal)
            .Replace("__stream__", room.Database, StringComparison.Ordinal);

    // A line of its own, which the scripts rely on.
    static async Task Declare(string file, Room room, CancellationToken ct)
    {
        var lines = (await File.ReadAllLinesAsync(file, ct)).ToList();
        var last = lines.FindLastIndex(line => line.Contains('}', StringComparison.Ordinal));
        lines[last] += ",";
        lines.Insert(last + 1, $$"""  { "name": "{{room.Name}}", "port": {{room.Port}} }""");
        await File.WriteAllTextAsync(file, string.Join('\n', lines) + "\n", ct);
    }
}
