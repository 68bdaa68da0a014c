using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// How request bodies and rows of imports are parsed. Refused are unknown properties, missing required ones, and null where the type does
/// not allow it, also as an element of a list.
/// </summary>
static class RequestJson
{
    public static void Configure(JsonSerializerOptions json)
    {
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        json.Encoder = EventStoreOptions.Json.Encoder;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.RespectRequiredConstructorParameters = true;
        json.RespectNullableAnnotations = true;
        json.TypeInfoResolver = (json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(RefuseNullElements);
    }

    /// <summary>The position of the error in the body, like <c>lines[2].net</c>; null for its root.</summary>
    public static string? Place(JsonException e) =>
        $"{e.Path}{(e is NullElementException element ? $".{element.Member}" : "")}".TrimStart('$', '.') is { Length: > 0 } place
            ? place
            : null;

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
}
