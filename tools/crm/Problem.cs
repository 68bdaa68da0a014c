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
            var fields =
                from field in problem["errors"] as JsonObject ?? []
                from error in field.Value as JsonArray ?? []
                select field.Key.Length > 0 ? $"{field.Key}: {error}" : $"{error}";
            return string.Join(
                "; ",
                fields.Prepend($"{type.Split(':')[^1]}: {Text(problem["detail"]) ?? Text(problem["title"])}").Distinct()
            );
        }
        catch (JsonException)
        {
            return body;
        }
    }

    static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
