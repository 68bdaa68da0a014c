using System.Text.Json;
using System.Text.Json.Nodes;

namespace CrmPlatform.Crm;

/// <summary>An answer of RFC 9457, as a person reads it.</summary>
public static class Problem
{
    /// <summary><c>invalid-request: Unknown columns: colour</c>, and what is wrong with each field; any other text as it is.</summary>
    public static string Said(string body)
    {
        try
        {
            if (JsonNode.Parse(body) is not JsonObject problem || Text(problem["type"]) is not { } type)
                return body;
            var fields = (
                from field in problem["errors"] as JsonObject ?? []
                from error in field.Value as JsonArray ?? []
                select (Field: field.Key, Error: $"{error}")
            ).ToList();
            var said = fields.Select(f => f.Field.Length > 0 ? $"{f.Field}: {f.Error}" : f.Error);
            var detail = Text(problem["detail"]) ?? Text(problem["title"]);
            // The detail of what validation refuses is the first field's error.
            if (fields.All(f => f.Error != detail))
                said = said.Prepend($"{detail}");
            return $"{type.Split(':')[^1]}: {string.Join("; ", said.Distinct())}";
        }
        catch (JsonException)
        {
            return body;
        }
    }

    static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
