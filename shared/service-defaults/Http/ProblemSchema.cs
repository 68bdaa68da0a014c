using Microsoft.OpenApi;

namespace CrmPlatform.ServiceDefaults;

/// <summary>How the API's description shows a problem.</summary>
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
                ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
                ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "For people." },
                ["field"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "What of the request is to blame, where it is one thing.",
                },
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Description = "Several fields, with what is wrong about each.",
                    AdditionalProperties = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Array,
                        Items = new OpenApiSchema { Type = JsonSchemaType.String },
                    },
                },
                ["correlationId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "For the operators." },
            },
        };
}
