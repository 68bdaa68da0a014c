using System.Text.Json.Nodes;

namespace CrmPlatform.Gateway.ApiPage;

/// <summary>
/// Puts several OpenAPI documents into one. Pure. Schemas and operation ids get their room's name in front, so they never meet, but for the
/// schemas that all rooms share.
/// </summary>
public static class MergedDocument
{
    const string Schemas = "#/components/schemas/";

    /// <summary>Marks a schema that is the same in every room.</summary>
    const string Shared = "x-crm-shared";

    static readonly string own = Read();

    public static JsonObject Of(IReadOnlyList<(string Room, JsonObject? Document)> rooms)
    {
        var document = JsonNode.Parse(own)!.AsObject();
        var (paths, schemas) = ((JsonObject)document["paths"]!, (JsonObject)document["components"]!["schemas"]!);
        var tags = (JsonArray)document["tags"]!;
        foreach (var (room, theirs) in rooms)
        {
            if (theirs is null)
                continue;
            var all = theirs["components"]?["schemas"] as JsonObject ?? [];
            var names = all.ToDictionary(s => s.Key, s => s.Value?[Shared] is null ? room + s.Key : s.Key);
            foreach (var (name, schema) in all)
                schemas[names[name]] = Renamed(schema, names);
            foreach (var (path, item) in theirs["paths"] as JsonObject ?? [])
                // What the gateway does not pass on (health, the room's own document) is not part of the platform's API.
                if (path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/portraits/", StringComparison.Ordinal))
                    paths[path] = Tagged((JsonObject)Renamed(item, names)!, room);
            tags.Add(new JsonObject { ["name"] = room });
        }
        var missing = rooms.Where(r => r.Document is null).Select(r => r.Room).ToArray();
        if (missing.Length > 0)
        {
            document["info"]!["description"] =
                $"{document["info"]!["description"]} Not answering at the moment, so missing here: {string.Join(", ", missing)}.";
            document["x-crm-missing"] = new JsonArray([.. missing.Select(m => JsonValue.Create(m))]);
        }
        return document;
    }

    static JsonNode? Renamed(JsonNode? node, Dictionary<string, string> names)
    {
        switch (node)
        {
            case JsonObject o:
                var renamed = new JsonObject();
                // What an example says is what was really sent: it is no reference.
                foreach (var (name, value) in o)
                    if (name != Shared)
                        renamed[name] = name is "examples" or "example" ? value?.DeepClone() : Renamed(value, names);
                return renamed;
            case JsonArray a:
                return new JsonArray([.. a.Select(n => Renamed(n, names))]);
            case JsonValue v when v.TryGetValue<string>(out var text) && text.StartsWith(Schemas, StringComparison.Ordinal):
                return JsonValue.Create(Schemas + names.GetValueOrDefault(text[Schemas.Length..], text[Schemas.Length..]));
            default:
                return node?.DeepClone();
        }
    }

    static JsonObject Tagged(JsonObject path, string room)
    {
        foreach (var (_, value) in path)
        {
            if (value is not JsonObject operation)
                continue;
            operation["tags"] = new JsonArray(JsonValue.Create(room));
            if (operation["operationId"]?.GetValue<string>() is { } id)
                operation["operationId"] = $"{room}_{id}";
            // The platform's own two ways to sign in stand for the rooms' (they know only bearer).
            operation.Remove("security");
            // The door itself may refuse any of them; the rooms know nothing of that.
            if (operation["responses"] is JsonObject responses)
                responses.TryAdd("429", new JsonObject { ["$ref"] = "#/components/responses/TooManyRequests" });
        }
        return path;
    }

    static string Read()
    {
        using var reader = new StreamReader(typeof(MergedDocument).Assembly.GetManifestResourceStream("own.json")!);
        return reader.ReadToEnd();
    }
}
