using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using CrmPlatform.Contracts;
using CrmPlatform.EventSourcing;
using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.Docs;

/// <summary>A contract's JSON Schema (2020-12), asked of the serializer with the very options that write the messages.</summary>
public static class WireSchema
{
    static readonly JsonSerializerOptions wire = new(EventStoreOptions.Json)
    {
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
    };

    public static JsonObject Of(ContractName contract)
    {
        var schema = wire.GetJsonSchemaAsNode(contract.Type, new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Wired })
            .AsObject();
        var properties = schema["properties"]!.AsObject();
        return new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = $"urn:crm:contract:{contract.Name}",
            ["title"] = contract.Name,
            ["description"] = Said(contract.Type),
            ["type"] = "object",
            ["properties"] = properties.DeepClone(),
            ["required"] = schema["required"]!.DeepClone(),
        };
    }

    /// <summary>A null is never written, so what may be null is optional and has one type. Objects stay open: contracts grow.</summary>
    static JsonNode Wired(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
            return node;
        if (schema["properties"] is JsonObject properties)
        {
            schema["required"] = new JsonArray([.. properties.Where(p => !Optional(p.Value!)).Select(p => (JsonNode)p.Key)]);
            foreach (var (_, property) in properties.Where(p => Optional(p.Value!)).ToList())
                property!["type"] = property["type"]![0]!.DeepClone();
            schema["description"] = Said(context.TypeInfo.Type);
        }
        if (context.PropertyInfo?.AttributeProvider is PropertyInfo declared)
            schema["description"] = Said(declared);
        // What is left out is not there: null is no value of it.
        if (schema["default"] is null)
            schema.Remove("default");
        return schema;
    }

    /// <exception cref="InvalidOperationException">Nobody would know what a contract without a sentence means.</exception>
    public static string Said(Type type) => Comments.Of(type) ?? throw new InvalidOperationException($"{type.Name} has no <summary>");

    static string Said(PropertyInfo property) =>
        Comments.Of(property)
        ?? throw new InvalidOperationException($"{property.DeclaringType!.Name} has no <param name=\"{property.Name}\">");

    static bool Optional(JsonNode property) => property["type"] is JsonArray;
}
