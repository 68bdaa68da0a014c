using System.Text.Json;
using CrmPlatform.ServiceDefaults;
using Shouldly;

namespace CrmPlatform.Testing;

/// <summary>An OpenAPI document says what everything in it means, and of what type it is.</summary>
public static class Meanings
{
    static readonly string[] methods = ["get", "put", "post", "delete"];

    public static async Task Check<TProgram>(ServiceFixture<TProgram> room)
        where TProgram : class => Check(await room.Anonymous().GetStringAsync("/openapi/v1.json"));

    /// <summary>
    /// Every property, parameter and schema has a description; every operation a summary, an id of its own and a tag; numbers are numbers;
    /// words that are listed are strings.
    /// </summary>
    public static void Check(string document)
    {
        var root = JsonSerializer.Deserialize<JsonElement>(document);
        var lacking = Operations(root).Concat(Schemas(root)).Concat(Parts(root, "")).ToList();
        lacking.ShouldBeEmpty("say it above the type, in a <param> or <summary>, or by [Description] at a parameter");
    }

    static IEnumerable<string> Operations(JsonElement root)
    {
        var operations = root.GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject().Where(o => methods.Contains(o.Name)).Select(o => ($"{o.Name} {path.Name}", o.Value))
            )
            .ToList();
        var ids = new HashSet<string>();
        foreach (var (name, operation) in operations)
        {
            if (!Says(operation, "summary"))
                yield return $"{name} has no summary";
            if (!Says(operation, "operationId") || !ids.Add(operation.GetProperty("operationId").GetString()!))
                yield return $"{name} has no id of its own";
            if (!operation.TryGetProperty("tags", out var tags) || tags.GetArrayLength() == 0)
                yield return $"{name} has no tag";
            if (operation.TryGetProperty("parameters", out var parameters))
                foreach (var parameter in parameters.EnumerateArray().Where(p => !Says(p, "description")))
                    yield return $"{name}: nobody says what {parameter.GetProperty("name")} means";
        }
    }

    static IEnumerable<string> Schemas(JsonElement root) =>
        from schema in root.GetProperty("components").GetProperty("schemas").EnumerateObject()
        where schema.Value.TryGetProperty("properties", out _) && !Says(schema.Value, "description")
        select $"nobody says what {schema.Name} is";

    static IEnumerable<string> Parts(JsonElement part, string place)
    {
        if (part.ValueKind == JsonValueKind.Array)
            foreach (var (item, at) in part.EnumerateArray().Select((item, at) => (item, at)))
            foreach (var lack in Parts(item, $"{place}[{at}]"))
                yield return lack;
        if (part.ValueKind != JsonValueKind.Object)
            yield break;
        if (part.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
            foreach (var property in properties.EnumerateObject().Where(p => !Says(p.Value, "description")))
                yield return $"nobody says what {place}.{property.Name} means";
        var types = Types(part);
        if (types.Contains("string") && types.Any(t => t is "number" or "integer"))
            yield return $"{place} is a number or a string";
        if (part.TryGetProperty("enum", out var words) && words.ValueKind == JsonValueKind.Array && !types.Contains("string"))
            yield return $"{place} lists words and is no string";
        foreach (var inner in part.EnumerateObject().Where(p => p.Name is not ("example" or "examples" or "default" or "enum" or "const")))
        foreach (var lack in Parts(inner.Value, inner.Name is "properties" ? place : $"{place}.{inner.Name}"))
            yield return lack;
    }

    static List<string?> Types(JsonElement schema) =>
        !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(t => t.GetString())]
        : type.ValueKind == JsonValueKind.String ? [type.GetString()]
        : [];

    static bool Says(JsonElement part, string what) =>
        part.TryGetProperty(what, out var text) && text.ValueKind == JsonValueKind.String && text.GetString() is { Length: > 3 };
}
