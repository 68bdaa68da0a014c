using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace CrmPlatform.Rooms;

/// <summary>
/// A service of the platform, as rooms.json declares it. The gateway, the command line, scripts and the deployment all read that file. Each
/// room is on a line of its own there, which scripts rely on.
/// </summary>
public sealed partial record Room
{
    /// <summary>In lower case with hyphens: <c>service-desk</c>. Folder, database, roles, paths and settings are named after it.</summary>
    public required string Name { get; init; }

    /// <summary>The port under <c>./crm up</c>, counted from the installation's first port: 21 to 39, since 20 is the gateway.</summary>
    public required int Port { get; init; }

    /// <summary>It has no log of its own; all its data comes from the events that it receives.</summary>
    public bool OnlyReads { get; init; }

    /// <summary>It stores data that identifies a person, and gets keys to encrypt it.</summary>
    public bool PersonalData { get; init; }

    /// <summary>It sends messages to customers, and so has a client of its own at the gateway.</summary>
    public bool Sends { get; init; }

    /// <summary>The rooms whose API it calls; <c>*</c> for all.</summary>
    public IReadOnlyList<string> Asks { get; init; } = [];

    /// <summary>Paths that the gateway forwards to it besides <c>/api/NAME/…</c>.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>Its paths that accept requests of 256 MB instead of 1 MB.</summary>
    public IReadOnlyList<string> Uploads { get; init; } = [];

    /// <summary>Its paths with web pages, for GET and HEAD only.</summary>
    public IReadOnlyList<string> Pages { get; init; } = [];

    /// <summary>
    /// Its paths with web pages for everybody, without a token: GET, HEAD and POST of a form. They bring their own security headers.
    /// </summary>
    public IReadOnlyList<string> OpenPages { get; init; } = [];

    static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static IReadOnlyList<Room> All { get; } = Read();

    /// <exception cref="ArgumentException">rooms.json declares no room with this name.</exception>
    public static Room Named(string name) =>
        All.FirstOrDefault(room => room.Name == name)
        ?? throw new ArgumentException(
            $"there is no room '{name}'; expected one of: {string.Join(", ", All.Select(room => room.Name))}",
            nameof(name)
        );

    /// <summary>The name of its project and of the setting with its address: <c>Services:ServiceDesk</c>.</summary>
    [JsonIgnore]
    public string Project => string.Concat(Name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    [JsonIgnore]
    public string Assembly => "CrmPlatform." + Project;

    [JsonIgnore]
    public string Folder => $"services/{Name}/{Project}";

    [JsonIgnore]
    public string Database => Name.Replace('-', '_');

    /// <summary>The prefix of its environment variables: <c>SERVICE_DESK</c>.</summary>
    [JsonIgnore]
    public string Variable => Database.ToUpperInvariant();

    /// <summary>The rooms whose API it calls, and whose addresses it needs.</summary>
    [JsonIgnore]
    public IReadOnlyList<Room> Asked => Asks.Contains("*") ? All : [.. Asks.Select(Named)];

    static Room[] Read()
    {
        using var file = typeof(Room).Assembly.GetManifestResourceStream("rooms.json")!;
        try
        {
            var rooms = JsonSerializer.Deserialize<Room[]>(file, json)!;
            return Fault(rooms) is { } wrong ? throw new InvalidOperationException($"rooms.json: {wrong}") : rooms;
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException(
                $"rooms.json is invalid; expected a list of rooms with the properties of Room.cs: {e.Message}",
                e
            );
        }
    }

    /// <summary>The first mistake in these entries; null if there is none.</summary>
    public static string? Fault(IReadOnlyList<Room> rooms)
    {
        if (rooms.FirstOrDefault(room => !ValidName().IsMatch(room.Name)) is { } unnamed)
            return $"'{unnamed.Name}' is no name of a room; expected words of lower-case letters with hyphens between them, "
                + "at most 30 characters, like field-visits";
        if (rooms.GroupBy(room => room.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            return $"{twice.Key} is declared twice; expected each name once";
        if (rooms.FirstOrDefault(room => room.Port is < 21 or > 39) is { } outside)
            return $"the port of {outside.Name} is {outside.Port}; expected one from 21 to 39";
        if (rooms.GroupBy(room => room.Port).FirstOrDefault(same => same.Count() > 1) is { } port)
            return $"{string.Join(" and ", port.Select(room => room.Name))} have the same port {port.Key}; "
                + "expected a port of its own for each room";
        foreach (var room in rooms)
            if (room.Asks.FirstOrDefault(asked => asked != "*" && rooms.All(other => other.Name != asked)) is { } nobody)
                return $"{room.Name} asks {nobody}, which is no room; "
                    + $"expected * or one of: {string.Join(", ", rooms.Select(other => other.Name))}";
        return null;
    }

    [GeneratedRegex(@"^(?=.{1,30}\z)[a-z]+(-[a-z]+)*\z")]
    private static partial Regex ValidName();
}
