using System.Text.Json;
using CrmPlatform.Rooms;

namespace CrmPlatform.Crm;

/// <summary>A program that may ask the gateway for tokens: the one list, for local use, docker compose and Kubernetes.</summary>
public sealed record Client(string Id, IReadOnlyList<string> Permissions)
{
    /// <summary>
    /// What the endpoints of each room ask for; written by <c>./crm rooms --write</c>, compared with the running rooms by a test.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string[]> Asked = Read();

    const string UsesContacts = "customers.contact.use";

    public static readonly IReadOnlyList<Client> All = Of(Asked);
    public static readonly Client Demo = Named("demo"),
        Analyst = Named("analyst"),
        Ops = Named("ops");

    /// <summary>
    /// The clients, where rooms ask for these permissions: <c>analyst</c> reads all but personal text, <c>ops</c> also runs the
    /// platform and serves a person's rights, <c>demo</c> may do all. A room that sends messages may ask for addresses, and nothing else.
    /// </summary>
    public static IReadOnlyList<Client> Of(IReadOnlyDictionary<string, string[]> asked)
    {
        string[] every = [.. asked.Values.SelectMany(permissions => permissions).Distinct()];
        string[] operating = [.. every.Where(permission => permission.StartsWith("ops.", StringComparison.Ordinal))];
        // Reading does not include personal text.
        string[] reading =
        [
            .. every
                .Except(operating)
                .Where(permission => permission != "personal.read" && permission.EndsWith(".read", StringComparison.Ordinal)),
        ];
        // What a person may ask of us by law: everything that is held about them, who was shown it, and to be forgotten.
        string[] personalRights = [.. every.Where(permission => permission is "personal.export" or "personal.audit" or "customers.forget")];
        return
        [
            new("demo", every),
            new("analyst", reading),
            new("ops", [.. reading, .. personalRights, .. operating]),
            .. Room.All.Where(room => room.Sends).Select(room => new Client(room.Name, [UsesContacts])),
        ];
    }

    public static Client Named(string id) =>
        All.FirstOrDefault(client => client.Id == id)
        ?? throw new CrmException($"unknown client '{id}'; expected {string.Join(", ", All.Select(client => client.Id))}");

    static Dictionary<string, string[]> Read()
    {
        using var file = typeof(Client).Assembly.GetManifestResourceStream("permissions.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string[]>>(file)!;
    }
}
