using System.CommandLine;
using System.Text.RegularExpressions;
using CrmPlatform.Rooms;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>The rooms of rooms.json, and the files that follow from it.</summary>
public static class DeclaredRooms
{
    public static readonly Option<bool> Write = new("--write") { Description = "write the files that follow from it" };

    public static async Task<int> Run(Call call, CancellationToken ct)
    {
        if (!call.Arguments.GetValue(Write))
        {
            if (call.Json)
                Look.Json(
                    Room.All.Select(r => new
                    {
                        r.Name,
                        r.Port,
                        r.Database,
                        r.OnlyReads,
                        r.PersonalData,
                        r.Asks,
                        r.Routes,
                        r.Pages,
                        r.OpenPages,
                    })
                );
            else
                List();
            return 0;
        }
        var asked = new Dictionary<string, string[]>();
        foreach (var room in Room.All)
            asked[room.Name] = await AskedBy(call.Instance.Root, room, ct);
        foreach (var (file, text) in RoomFiles.All(call.Instance.Root, asked))
        {
            var path = Path.Combine(call.Instance.Root, file);
            if (File.Exists(path) && await File.ReadAllTextAsync(path, ct) == text)
                continue;
            await File.WriteAllTextAsync(path, text, ct);
            Console.WriteLine(file);
        }
        return 0;
    }

    /// <summary>What the endpoints of a room ask for, as its program, built before, says itself.</summary>
    static async Task<string[]> AskedBy(string root, Room room, CancellationToken ct)
    {
        var program = Path.Combine(root, room.Folder, "bin/Release/net10.0", room.Assembly + ".dll");
        // It connects to nothing; it only wants to be told where it would.
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = "Host=none",
            ["ConnectionStrings__RabbitMq"] = "amqp://none",
            ["DOTNET_CONTENTROOT"] = Path.Combine(root, room.Folder),
        };
        var (code, output) = await Processes.Run("dotnet", [program, "permissions"], settings, ct);
        // Whatever else a program writes is no permission.
        return code == 0
            ? [.. output.Split('\n').Where(line => Regex.IsMatch(line, @"^[a-z-]+(\.[a-z-]+)+$"))]
            : throw new CrmException($"{room.Name} does not say what its endpoints ask for ({code}):\n{output}");
    }

    /// <summary>Which client has which permission.</summary>
    public static Task<int> Permissions(Call call, CancellationToken ct)
    {
        if (call.Json)
        {
            Look.Json(
                Client.Demo.Permissions.Select(permission => new
                {
                    permission,
                    askedForBy = Client.Asked.Where(room => room.Value.Contains(permission)).Select(room => room.Key),
                    clients = Client.All.Where(client => client.Permissions.Contains(permission)).Select(client => client.Id),
                })
            );
            return Task.FromResult(0);
        }
        var table = new Table { Border = TableBorder.Simple }.AddColumns([
            "permission",
            "asked for by",
            .. Client.All.Select(client => client.Id),
        ]);
        foreach (var permission in Client.Demo.Permissions)
            table.AddRow([
                permission,
                string.Join(", ", Client.Asked.Where(room => room.Value.Contains(permission)).Select(room => room.Key)),
                .. Client.All.Select(client => client.Permissions.Contains(permission) ? "yes" : ""),
            ]);
        AnsiConsole.Write(table);
        return Task.FromResult(0);
    }

    static void List()
    {
        var table = new Table { Border = TableBorder.Simple }.AddColumns("room", "port", "database", "keeps", "asks", "paths");
        foreach (var room in Room.All)
        {
            string[] keeps = [room.OnlyReads ? "what it hears" : "a log", .. room.PersonalData ? ["personal data"] : Array.Empty<string>()];
            string[] paths = [$"/api/{room.Name}/…", .. room.Routes, .. room.Pages, .. room.OpenPages];
            table.AddRow(
                room.Name,
                $"+{room.Port}",
                room.Database,
                string.Join(", ", keeps),
                string.Join(", ", room.Asks),
                Markup.Escape(string.Join(' ', paths))
            );
        }
        AnsiConsole.Write(table);
    }
}
