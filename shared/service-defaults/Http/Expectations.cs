using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace CrmPlatform.ServiceDefaults;

/// <summary>What was expected where a request does not fit: from the type that is declared there, in words without names of .NET.</summary>
static partial class Expectations
{
    /// <summary>Types of parameters in the query or route, with what their text must be.</summary>
    static readonly Dictionary<Type, Func<string, bool>> parsers = new()
    {
        [typeof(int)] = text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        [typeof(long)] = text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        [typeof(bool)] = text => bool.TryParse(text, out _),
        [typeof(Guid)] = text => Guid.TryParseExact(text, "D", out _),
        [typeof(DateTimeOffset)] = text => Instants.TryParse(text, out _),
        [typeof(DateOnly)] = text =>
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is >= 1900 and < 2200,
    };

    /// <summary>Whether the text of a parameter is what its type accepts; true for types that are not checked here (text).</summary>
    public static bool Accepts(Type type, string text) =>
        !parsers.TryGetValue(Nullable.GetUnderlyingType(type) ?? type, out var fits) || fits(text);

    /// <summary>Whether the text of a parameter of this type is checked.</summary>
    public static bool Knows(Type type) => parsers.ContainsKey(Nullable.GetUnderlyingType(type) ?? type);

    /// <summary>The same for a parameter in the query or route, whose days lie in the years of its instants.</summary>
    public static string OfParameter(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) == typeof(DateOnly) ? Of(type) + ", from 1900 to 2199" : Of(type);

    public static string Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return "one of " + string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName));
        if (type == typeof(DateTimeOffset))
            return Instants.Expected;
        if (type == typeof(DateOnly))
            return "a day like 2026-12-31";
        if (type == typeof(Guid))
            return "a UUID";
        if (type == typeof(bool))
            return "true or false";
        if (type == typeof(int) || type == typeof(long))
            return "a whole number";
        if (type == typeof(decimal) || type == typeof(double))
            return "a number";
        if (type == typeof(string))
            return "text without U+0000";
        return type.IsAssignableTo(typeof(System.Collections.IEnumerable)) && !type.IsAssignableTo(typeof(System.Collections.IDictionary))
            ? "a list"
            : "an object";
    }

    /// <summary>
    /// The type at a path like <c>lines[2].net</c> of a body; null where the path leaves what is declared.
    /// </summary>
    public static Type? At(Type body, string? path, JsonSerializerOptions json)
    {
        var type = body;
        foreach (Match step in Step().Matches(path ?? ""))
        {
            var info = json.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
            var next = info.Kind switch
            {
                JsonTypeInfoKind.Enumerable => info.ElementType,
                JsonTypeInfoKind.Dictionary => info.ElementType,
                JsonTypeInfoKind.Object => info.Properties.FirstOrDefault(p => p.Name == step.Groups[1].Value)?.PropertyType,
                _ => null,
            };
            if (next is null)
                return null;
            type = next;
        }
        return type;
    }

    /// <summary>The properties that are missing from an object, from the serializer's message; empty if it says something else.</summary>
    public static IReadOnlyList<string> Missing(JsonException e) =>
        e.Message.Contains("missing required properties", StringComparison.Ordinal)
            ? [.. Quoted().Matches(e.Message[e.Message.IndexOf("including:", StringComparison.Ordinal)..]).Select(m => m.Groups[1].Value)]
            : [];

    [GeneratedRegex(@"([^.\[\]]+)|\[\d+\]")]
    private static partial Regex Step();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}
