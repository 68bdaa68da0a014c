using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Completes the schemas of the OpenAPI document: what each type and property means (the comment in its source, else the common word for
/// it), which words are allowed, and that amounts are decimal.
/// </summary>
static class ApiSchemas
{
    /// <summary>Marks a schema that is the same in every room: the gateway shows it once.</summary>
    const string Shared = "x-crm-shared";

    public static void Add(OpenApiOptions options)
    {
        var named = new ConcurrentDictionary<string, JsonTypeInfo>();
        options.CreateSchemaReferenceId = type => Id(type) is { } id ? Unique(named, id, type) : null;
        options.AddSchemaTransformer(
            (schema, of, _) =>
            {
                Exact(schema, of);
                return Task.CompletedTask;
            }
        );
        options.AddDocumentTransformer(
            (document, _, _) =>
            {
                foreach (var (id, schema) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
                {
                    var type = named.GetValueOrDefault(id);
                    if (type is not null)
                        Describe(schema, type);
                    if (id == ApiDescription.Problem || (type is not null && IsShared(type.Type)))
                        (((OpenApiSchema)schema).Extensions ??= new Dictionary<string, IOpenApiExtension>())[Shared] =
                            new JsonNodeExtension(JsonValue.Create(true));
                }
                return Task.CompletedTask;
            }
        );
    }

    /// <summary>A type inside of another is named after both: <c>CustomerProfileConsent</c>. Any JSON has no name.</summary>
    static string? Id(JsonTypeInfo info)
    {
        var id = OpenApiOptions.CreateDefaultSchemaReferenceId(info);
        var type = Bare(info.Type);
        return type == typeof(JsonElement) || type == typeof(JsonNode) ? null
            : id is null || type.IsGenericType || type.DeclaringType is not { } outer ? id
            : outer.Name + id;
    }

    /// <summary>One name in the document is one type.</summary>
    static string Unique(ConcurrentDictionary<string, JsonTypeInfo> named, string id, JsonTypeInfo info)
    {
        var (first, type) = (Bare(named.GetOrAdd(id, info).Type), Bare(info.Type));
        return first == type
            ? id
            : throw new InvalidOperationException($"{first} and {type} would both be {id} in the OpenAPI document: rename one of them");
    }

    static bool IsShared(Type type) =>
        (type == typeof(Guid) || type.Assembly == typeof(ApiSchemas).Assembly || type.Assembly == typeof(EventStore).Assembly)
        && type.GenericTypeArguments.All(IsShared);

    static void Exact(OpenApiSchema schema, OpenApiSchemaTransformerContext of)
    {
        var type = Bare(of.JsonTypeInfo.Type);
        // Classes of Unicode characters are read by few programs; the message of the rule says it in words.
        if (schema.Pattern?.Contains(@"\p{", StringComparison.Ordinal) == true)
            schema.Pattern = null;
        if (type == typeof(decimal))
            schema.Format = "decimal";
        // The serializer does not know what a converter of ours writes: texts, instants and words have no type yet.
        if (IsText(type))
            schema.Type ??= Text(
                !type.IsEnum && (of.JsonPropertyInfo?.IsGetNullable == true || of.JsonPropertyInfo?.IsSetNullable == true)
            );
        // Where a word may be missing, the property says so: the words themselves are the same.
        if (type.IsEnum && schema.Enum is { } all)
            schema.Enum = [.. all.Where(word => word is not null && !word.IsJsonNullSentinel())];
        if (type == typeof(DateTimeOffset) || type == typeof(DateTime))
            schema.Format ??= "date-time";
        if (of.JsonTypeInfo.Kind == JsonTypeInfoKind.Enumerable && of.JsonTypeInfo.ElementType is { } element && IsText(Bare(element)))
            schema.Items ??= new OpenApiSchema { Type = JsonSchemaType.String };
        if (of.JsonTypeInfo.Kind == JsonTypeInfoKind.Dictionary && of.JsonTypeInfo.ElementType is { } value && IsText(Bare(value)))
            schema.AdditionalProperties = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Format = value == typeof(string) ? null : "date-time",
            };
        var words = of.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: true);
        if (words is [AllowedValuesAttribute allowed, ..])
            schema.Enum = [.. allowed.Values.Select(word => word is null ? JsonNullSentinel.JsonNull : JsonValue.Create((string)word)!)];
    }

    static bool IsText(Type type) => type == typeof(string) || type == typeof(DateTimeOffset) || type == typeof(DateTime) || type.IsEnum;

    static JsonSchemaType Text(bool orNull) => JsonSchemaType.String | (orNull ? JsonSchemaType.Null : 0);

    static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    /// <summary>What is written line by line is a text: each of its lines is a JSON object, or a row.</summary>
    public static void Lines(OpenApiOperation operation)
    {
        foreach (
            var (type, media) in (operation.Responses ?? []).SelectMany(r => r.Value.Content ?? new Dictionary<string, OpenApiMediaType>())
        )
            if (type is "application/x-ndjson" or "text/csv" && media.Schema is OpenApiSchemaReference row)
                media.Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = $"One {row.Reference.Id} per line.",
                    UnrecognizedKeywords = new Dictionary<string, JsonNode>
                    {
                        ["contentMediaType"] = "application/json",
                        ["contentSchema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{row.Reference.Id}" },
                    },
                };
    }

    static void Describe(IOpenApiSchema schema, JsonTypeInfo type)
    {
        schema.Description ??= Comments.Of(type.Type);
        foreach (var (name, property) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
            if (
                type.Properties.FirstOrDefault(p => p.Name == name)?.AttributeProvider is PropertyInfo declared
                && (Comments.Of(declared) ?? ApiWords.Of(name)) is { } meaning
            )
                property.Description = meaning;
    }
}
