using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CrmPlatform.Deploy.Tests;

/// <summary>docker-compose.yml, read once.</summary>
static class Compose
{
    static readonly Lazy<JsonNode> file = new(() => Offline.Documents(Offline.Read("docker-compose.yml")).Single());

    public static JsonObject Services => (JsonObject)file.Value["services"]!;

    /// <summary>What a container is started with, from its environment and its files.</summary>
    public static Dictionary<string, string> Environment(string service)
    {
        var settings = new Dictionary<string, string>();
        foreach (var path in Services[service]!["env_file"] as JsonArray ?? [])
        foreach (var (key, value) in Settings.Lines(Offline.Read(path!.GetValue<string>())))
            settings[key] = value;
        foreach (var (key, value) in Services[service]!["environment"] as JsonObject ?? [])
            settings[key] = value!.ToString();
        return settings;
    }
}

/// <summary>An overlay as it would be applied.</summary>
sealed class Rendered
{
    static readonly Dictionary<string, Lazy<Rendered>> all = new[] { "local", "production" }.ToDictionary(
        o => o,
        o => new Lazy<Rendered>(() => new(o))
    );

    public static Rendered Of(string overlay) => all[overlay].Value;

    public JsonNode[] Documents { get; }

    Rendered(string overlay) => Documents = Offline.Kustomize(overlay);

    public IEnumerable<JsonNode> Kind(params string[] kinds) => Documents.Where(d => kinds.Contains(d["kind"]!.GetValue<string>()));

    public JsonNode? Find(string kind, string name) => Kind(kind).SingleOrDefault(d => Name(d) == name);

    /// <summary>Everything that makes pods: name, kind, and the pod.</summary>
    public IEnumerable<(string Name, string Kind, JsonNode Pod)> Pods =>
        Kind("Deployment", "StatefulSet", "Job", "CronJob")
            .Select(d => (Name(d), d["kind"]!.GetValue<string>(), (d["spec"]!["jobTemplate"]?["spec"] ?? d["spec"])!["template"]!));

    public JsonNode Pod(string name) => Pods.Single(p => p.Name == name).Pod;

    /// <summary>Labels that pods carry; those of the operators' pods are known from their documentation.</summary>
    public IEnumerable<JsonObject> PodLabels =>
        Pods.Select(p => (JsonObject)p.Pod["metadata"]!["labels"]!)
            .Concat(Kind("Cluster").Select(c => new JsonObject { ["cnpg.io/cluster"] = Name(c) }))
            .Concat(Kind("RabbitmqCluster").Select(c => new JsonObject { ["app.kubernetes.io/name"] = Name(c) }));

    public static string Name(JsonNode document) => document["metadata"]!["name"]!.GetValue<string>();

    public static bool Matches(JsonNode selector, JsonObject labels) =>
        ((JsonObject)selector).All(s => labels[s.Key]?.GetValue<string>() == s.Value!.GetValue<string>());

    public static IEnumerable<JsonNode> Each(JsonNode? list) => (list as JsonArray ?? []).Select(n => n!);

    /// <summary>What a container is started with; a value from a Secret shows as the reference to it.</summary>
    public Dictionary<string, string> Environment(JsonNode container)
    {
        var settings = new Dictionary<string, string>();
        foreach (var from in Each(container["envFrom"]))
        {
            if (from["configMapRef"]?["name"]?.GetValue<string>() is { } map)
                foreach (var (key, value) in (JsonObject)Find("ConfigMap", map)!["data"]!)
                    settings[key] = value!.GetValue<string>();
            if (from["secretRef"]?["name"]?.GetValue<string>() is { } secret)
                foreach (var key in Settings.External[secret])
                    settings[key] = $"{secret}/{key}";
        }
        foreach (var variable in Each(container["env"]))
        {
            var reference = variable["valueFrom"]?["secretKeyRef"];
            settings[variable["name"]!.GetValue<string>()] =
                variable["value"]?.GetValue<string>() ?? $"{reference!["name"]}/{reference["key"]}";
        }
        return settings;
    }
}

static partial class Settings
{
    /// <summary>Secrets that an installation brings, and their keys: the table in deploy/README.md.</summary>
    public static Dictionary<string, string[]> External { get; } =
        Offline
            .Read("deploy", "README.md")
            .Split('\n')
            .Select(line => SecretRow().Match(line))
            .Where(row => row.Success)
            .SelectMany(row => Secrets(row.Groups[1].Value).Select(name => (name, keys: Names(row.Groups[2].Value).ToArray())))
            .ToDictionary(row => row.name, row => row.keys);

    /// <summary>
    /// A container keeps no file: there, ./crm erasures export writes the list, or the job of overlay production; and an installation says
    /// where its mail goes.
    /// </summary>
    public static bool OfContainers(string name) =>
        name.Contains("__", StringComparison.Ordinal)
        && name != "PersonalData__ErasureList"
        && !name.StartsWith("Sending__Channels__", StringComparison.Ordinal);

    public static IEnumerable<KeyValuePair<string, string>> Lines(string file) =>
        file.Split('\n')
            .Where(l => l.Contains('=') && !l.StartsWith('#'))
            .Select(l => l.Split('=', 2))
            .Select(pair => KeyValuePair.Create(pair[0], pair[1]));

    // <room>-db-app stands for one of each room.
    static IEnumerable<string> Secrets(string cell) =>
        Names(cell)
            .SelectMany(name =>
                !name.Contains("<room>", StringComparison.Ordinal)
                    ? name.StartsWith("./", StringComparison.Ordinal)
                        ? []
                        : [name]
                    : Rooms
                        .Room.All.Where(room => room.PersonalData || !name.EndsWith("-personal-data", StringComparison.Ordinal))
                        .Where(room => room.Sends || !name.EndsWith("-sending", StringComparison.Ordinal))
                        .Select(room => name.Replace("<room>", room.Name, StringComparison.Ordinal))
            );

    static IEnumerable<string> Names(string cell) => Quoted().Matches(cell).Select(m => m.Groups[1].Value);

    [GeneratedRegex(@"^\| Secret (.*?) \| (.*?) \|")]
    private static partial Regex SecretRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
