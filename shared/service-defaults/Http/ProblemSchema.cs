using Microsoft.OpenApi;

namespace CrmPlatform.ServiceDefaults;

/// <summary>The schema of a problem in the OpenAPI document.</summary>
static class ProblemSchema
{
    public static OpenApiSchema Of() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = "Why something was refused (RFC 9457). Programs look at the type: it never changes.",
            Required = new HashSet<string> { "type", "title", "status" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What it is, for programs: `urn:crm:…`." },
                ["title"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The type in words." },
                ["status"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Format = "int32",
                    Description = "The HTTP status.",
                },
                ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "A sentence for people." },
                ["field"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "The field that is wrong, if it is a single one.",
                },
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Description = "The errors of each field, if there are several.",
                    AdditionalProperties = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Array,
                        Items = new OpenApiSchema { Type = JsonSchemaType.String },
                    },
                },
                ["correlationId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Names the request in the logs." },
            },
        };
}
