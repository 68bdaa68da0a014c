using System.Text.Json;
using CrmPlatform.Rooms;

namespace CrmPlatform.Crm;

/// <summary>
/// The parts of docker-compose.yml and deploy/ that follow from rooms.json and from the permissions of its endpoints. What stands between a
/// line <c># rooms.json: NAME</c> and <c># rooms.json: end</c> is written by <c>./crm rooms --write</c>; a test compares it.
/// </summary>
public static class RoomFiles
{
    static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    const string Base = "deploy/k8s/base",
        Local = "deploy/k8s/overlays/local",
        Production = "deploy/k8s/overlays/production";

    /// <summary>The beginning of a room's connection string, for its role <c>app</c> or <c>owner</c>.</summary>
    public static string Connection(Room room, string host, string role) =>
        $"Host={host};Database={room.Database};Username={room.Database}_{role}";

    /// <summary>
    /// Every generated file with its content, by its path below <paramref name="root"/>; some hold parts that are written by hand and stay.
    /// </summary>
    /// <param name="asked">The permissions that each room's endpoints ask for.</param>
    public static IReadOnlyDictionary<string, string> All(string root, IReadOnlyDictionary<string, string[]> asked)
    {
        var clients = Client.Of(asked);
        var files = new Dictionary<string, string> { ["deploy/permissions.json"] = JsonSerializer.Serialize(asked, indented) + "\n" };
        foreach (var room in Room.All)
            files[$"{Base}/{room.Name}.yaml"] = KubernetesFiles.Of(room);
        Fill($"{Local}/clients.env", ("clients", ClientFiles.Of(clients)));
        Fill($"{Production}/clients.env", ("clients", ClientFiles.Of([.. clients.Where(client => client.Id != "demo")])));
        Fill(
            "docker-compose.yml",
            ("addresses", ComposeFile.Addresses),
            ("services", ComposeFile.Services),
            ("senders", ComposeFile.Senders),
            ("passwords", ComposeFile.Passwords)
        );
        Fill($"{Base}/kustomization.yaml", ("files", KubernetesFiles.Names), ("addresses", KubernetesFiles.Addresses));
        Fill($"{Base}/network-policies.yaml", ("who asks whom", NetworkPolicies.Text));
        Fill($"{Local}/kustomization.yaml", ("images", KubernetesFiles.LocalImages));
        Fill($"{Local}/servers.yaml", ("connections", PostgresFiles.LocalConnections), ("passwords", KubernetesFiles.Passwords));
        Fill($"{Production}/kustomization.yaml", ("images", KubernetesFiles.Images));
        Fill(
            $"{Production}/postgres.yaml",
            ("connections", PostgresFiles.Connections),
            ("roles", PostgresFiles.Roles),
            ("databases", PostgresFiles.Databases)
        );
        return files;

        void Fill(string file, params (string Name, string Text)[] parts) =>
            files[file] = parts.Aggregate(
                File.ReadAllText(Path.Combine(root, file)),
                (text, part) => Filled(text, part.Name, part.Text, file)
            );
    }

    static string Filled(string text, string name, string part, string file)
    {
        var begin = text.IndexOf($"# rooms.json: {name}\n", StringComparison.Ordinal);
        if (begin < 0)
            throw new CrmException($"{file} lacks the line '# rooms.json: {name}'");
        begin = text.IndexOf('\n', begin) + 1;
        var end = text.IndexOf("# rooms.json: end\n", begin, StringComparison.Ordinal);
        if (end < 0)
            throw new CrmException($"{file} lacks the line '# rooms.json: end' after '{name}'");
        end = text.LastIndexOf('\n', end) + 1;
        return text[..begin] + part + text[end..];
    }

    /// <summary>A text for each room, one after the other.</summary>
    internal static string Each(Func<Room, string> text) => string.Concat(Room.All.Select(text));

    internal static string Each(IEnumerable<Room> rooms, Func<Room, string> text) => string.Concat(rooms.Select(text));
}
