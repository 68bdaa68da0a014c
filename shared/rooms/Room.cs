using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace CrmPlatform.Rooms;

/// <summary>
/// A service of the platform, as rooms.json declares it, once for all: the gateway, the command line, scripts and deployment read it from
/// there. Each room stands on a line of its own, which scripts rely on.
/// </summary>
public sealed partial record Room
{
    /// <summary>Lower case with hyphens: <c>service-desk</c>. Folder, database, roles, paths and settings are named after it.</summary>
    public required string Name { get; init; }

    /// <summary>Where <c>./crm up</c> lets it listen, counted from the first port of the installation. 20 is the gateway's.</summary>
    public required int Port { get; init; }

    /// <summary>It keeps no log: what it hears is its data.</summary>
    public bool OnlyReads { get; init; }

    /// <summary>It keeps what names a person, sealed with keys that it is given.</summary>
    public bool PersonalData { get; init; }

    /// <summary>The rooms whose API it calls; <c>*</c> stands for all.</summary>
    public IReadOnlyList<string> Asks { get; init; } = [];

    /// <summary>Paths that the gateway passes to it besides <c>/api/NAME/…</c>.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>Paths of its own that take 256 MB instead of 1 MB.</summary>
    public IReadOnlyList<string> Uploads { get; init; } = [];

    /// <summary>Paths of pages for people: GET and HEAD only.</summary>
    public IReadOnlyList<string> Pages { get; init; } = [];

    static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static IReadOnlyList<Room> All { get; } = Read();

    /// <exception cref="ArgumentException">There is no such room.</exception>
    public static Room Named(string name) =>
        All.FirstOrDefault(room => room.Name == name)
        ?? throw new ArgumentException($"{name} is none of {string.Join(", ", All.Select(room => room.Name))}", nameof(name));

    /// <summary>The project, and the last part of <c>Services:ServiceDesk</c>.</summary>
    [JsonIgnore]
    public string Project => string.Concat(Name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    [JsonIgnore]
    public string Assembly => "CrmPlatform." + Project;

    [JsonIgnore]
    public string Folder => $"services/{Name}/{Project}";

    [JsonIgnore]
    public string Database => Name.Replace('-', '_');

    /// <summary>What names of environment variables begin with: <c>SERVICE_DESK</c>.</summary>
    [JsonIgnore]
    public string Variable => Database.ToUpperInvariant();

    /// <summary>The rooms whose addresses it needs.</summary>
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
            throw new InvalidOperationException($"rooms.json is not what is expected: {e.Message}", e);
        }
    }

    /// <summary>What is wrong with these entries, or null.</summary>
    public static string? Fault(IReadOnlyList<Room> rooms)
    {
        if (rooms.FirstOrDefault(room => !ValidName().IsMatch(room.Name)) is { } unnamed)
            return $"'{unnamed.Name}' is no name for a room: words of lower-case letters with hyphens between them, at most 30 characters, like field-visits";
        if (rooms.GroupBy(room => room.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            return $"{twice.Key} is declared twice";
        if (rooms.FirstOrDefault(room => room.Port is < 21 or > 39) is { } outside)
            return $"the port of {outside.Name} is {outside.Port}, not one of 21 to 39";
        if (rooms.GroupBy(room => room.Port).FirstOrDefault(same => same.Count() > 1) is { } port)
            return $"{string.Join(" and ", port.Select(room => room.Name))} have the same port {port.Key}";
        foreach (var room in rooms)
            if (room.Asks.FirstOrDefault(asked => asked != "*" && rooms.All(other => other.Name != asked)) is { } nobody)
                return $"{room.Name} asks {nobody}, which is no room";
        return null;
    }

    [GeneratedRegex(@"^(?=.{1,30}\z)[a-z]+(-[a-z]+)*\z")]
    private static partial Regex ValidName();
}
