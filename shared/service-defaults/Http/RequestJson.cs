using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// How request bodies and rows of imports are parsed. Refused are unknown properties, ones that are given twice, missing required ones, and
/// null where the type does not allow it, also as an element of a list.
/// </summary>
static class RequestJson
{
    public static void Configure(JsonSerializerOptions json)
    {
        json.Converters.Add(new Instants.Converter());
        json.Converters.Add(new StorableText());
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        json.Encoder = EventStoreOptions.Json.Encoder;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.AllowDuplicateProperties = false;
        json.RespectRequiredConstructorParameters = true;
        json.RespectNullableAnnotations = true;
        json.TypeInfoResolver = (json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(RefuseNullElements);
    }

    /// <summary>The position of the error in the body, like <c>lines[2].net</c>; null for its root.</summary>
    public static string? Place(JsonException e) =>
        $"{e.Path}{(e is NullElementException element ? $".{element.Member}" : "")}".TrimStart('$', '.') is { Length: > 0 } place
            ? place
            : null;

    /// <summary>A path of members (<c>Lines[0].Net</c>) as it is spelled in JSON (<c>lines[0].net</c>).</summary>
    public static string Spelled(string members) => string.Join('.', members.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    /// <summary>What is wrong with a body or row, and where: in our own words, because the serializer's name .NET types.</summary>
    /// <param name="body">The type that the body should have had.</param>
    public static (string Detail, string? Field) Describe(JsonException e, Type? body, JsonSerializerOptions json)
    {
        var place = Place(e);
        if (Expectations.Missing(e) is [var first, ..] missing)
        {
            var fields = missing.Select(m => place is null ? m : $"{place}.{m}").ToList();
            return (
                $"{(fields.Count == 1 ? "A required property is" : "Required properties are")} missing: {string.Join(", ", fields)}.",
                fields[0]
            );
        }
        if (e.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return ($"The property {place} is unknown.", place);
        if (e.Message.Contains("Duplicate", StringComparison.Ordinal))
            return ($"The property {place} is given twice.", place);
        // Only a syntax error has the reader's own exception inside.
        if (e.InnerException is JsonException)
            return ($"The text is not JSON, in line {(e.LineNumber ?? 0) + 1} at byte {(e.BytePositionInLine ?? 0) + 1}.", place);
        var expected =
            body is not null && Expectations.At(body, place, json) is { } type ? Expectations.Of(type) : "what is declared there";
        var isNull = e is NullElementException || e.Message.Contains("annotation", StringComparison.Ordinal);
        return ($"{(place is null ? "The body" : $"'{place}'")} must be {expected}{(isNull ? ", not null" : "")}.", place);
    }

    // The serializer checks the nullable annotations of members, but not those of list elements.
    static void RefuseNullElements(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        var lists = type
            .Properties.Where(p =>
                p.Get is not null && p.PropertyType != typeof(string) && p.PropertyType.IsAssignableTo(typeof(IEnumerable))
            )
            .ToList();
        if (lists.Count == 0)
            return;
        type.OnDeserialized += value =>
        {
            foreach (var list in lists)
            {
                if (NullIn(list.Get!(value)) is { } element)
                    throw new NullElementException(list.Name + element);
            }
        };
    }

    static string? NullIn(object? list)
    {
        if (list is IDictionary named)
            return named.Keys.Cast<object>().Where(key => named[key] is null).Select(key => $".{key}").FirstOrDefault();
        if (list is not IEnumerable elements)
            return null;
        var at = 0;
        foreach (var element in elements)
        {
            if (element is null)
                return $"[{at}]";
            at++;
        }
        return null;
    }

    sealed class NullElementException(string member) : JsonException
    {
        public string Member => member;
    }

    /// <summary>Text without U+0000, which PostgreSQL cannot store.</summary>
    sealed class StorableText : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            && reader.GetString() is { } text
            && !text.Contains('\0', StringComparison.Ordinal)
                ? text
                : throw new JsonException();

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Read(ref reader, typeToConvert, options);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value);
    }
}
