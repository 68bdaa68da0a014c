using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Completes the OpenAPI document from the endpoints' metadata: the headers that they read, every error with its stable types, and the
/// examples embedded as <see cref="Examples"/>.
/// </summary>
static partial class ApiDescription
{
    internal const string Problem = "Problem";
    const string ProblemType = "application/problem+json";

    /// <summary>The types that a problem can have, on its answer: one schema for all of them, for the sake of generated clients.</summary>
    const string ProblemTypes = "x-crm-types";

    public static void Add(OpenApiOptions options, string context)
    {
        options.AddOperationTransformer(
            (operation, of, _) =>
            {
                Headers(operation, of);
                Permission(operation, of);
                Errors(operation, of);
                Meanings(operation, of);
                ApiSchemas.Lines(operation);
                Show(operation, of);
                return Task.CompletedTask;
            }
        );
        ApiSchemas.Add(options);
        options.AddDocumentTransformer(
            (document, _, _) =>
            {
                (document.Info.Title, document.Info.Version) = ($"CrmPlatform {context}", "v1");
                document.Info.Description =
                    "Errors are problems of RFC 9457 with a stable type. Every operation may also answer 500 `urn:crm:unexpected` "
                    + "and, while the database is unavailable, 503 `urn:crm:database-away` with Retry-After.";
                document.Servers = [new() { Url = "/" }];
                document.Components?.Schemas?.Remove("ProblemDetails"); // replaced by our own schema, which has more members
                return Task.CompletedTask;
            }
        );
    }

    static void Headers(OpenApiOperation operation, OpenApiOperationTransformerContext of)
    {
        if (Metadata<Idempotency.Marker>(of).Any())
            Header(
                Idempotency.Header,
                "The same key with the same request gives the first answer again, for 7 days.",
                new() { Type = JsonSchemaType.String, MaxLength = 200 }
            );
        if (TakesIfMatch(of))
            Header(
                "If-Match",
                "The ETag that was read: the request is refused if the version is another by now.",
                new() { Type = JsonSchemaType.String, Pattern = "^(\\*|\"[0-9]+\")$" }
            );

        void Header(string name, string description, OpenApiSchema schema) =>
            (operation.Parameters ??= []).Add(
                new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Header,
                    Description = description,
                    Schema = schema,
                }
            );
    }

    static void Permission(OpenApiOperation operation, OpenApiOperationTransformerContext of)
    {
        foreach (var more in Metadata<Permissions.ShownWith>(of))
            operation.Description = $"{operation.Description}\nWith the permission `{more.Permission}` it also shows {more.What}.".Trim();
    }

    static void Errors(OpenApiOperation operation, OpenApiOperationTransformerContext of)
    {
        var types = new SortedDictionary<int, List<string>>();
        if (operation.RequestBody is not null || operation.Parameters?.Count > 0)
            No(400, "invalid-request");
        if (!Metadata<IAllowAnonymous>(of).Any())
        {
            No(401, "unauthenticated");
            No(403, "forbidden");
        }
        if (operation.Parameters?.Any(p => p.In == ParameterLocation.Path) == true || operation.Responses?.ContainsKey("404") == true)
            No(404, "not-found");
        if (Metadata<Idempotency.Marker>(of).Any())
            No(409, "idempotency-key-reused");
        if (TakesIfMatch(of))
            No(412, "stale-version");
        if (operation.RequestBody is not null)
        {
            No(413, "too-large");
            No(415, "unsupported-media-type");
        }
        if (Metadata<HeavyQuestions.Limit>(of).Any())
            No(429, "too-many-requests");
        foreach (var declared in Metadata<Refusals.Declared>(of).Where(d => d.Codes.Count > 0))
            if (declared.Status >= 400)
                No(declared.Status, [.. declared.Codes]);
            else if (operation.Responses?.TryGetValue(Text(declared.Status), out var answer) == true)
                answer.Description =
                    $"{answer.Description}. A row can be refused with {string.Join(", ", declared.Codes.Select(c => $"`{c}`"))}.";

        operation.Responses ??= [];
        foreach (var (status, codes) in types)
        {
            of.Document!.AddComponent(Problem, ProblemSchema.Of());
            operation.Responses[Text(status)] = new OpenApiResponse
            {
                Description = string.Join(", ", codes.Select(c => $"`urn:crm:{c}`")),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemType] = new() { Schema = new OpenApiSchemaReference(Problem, of.Document) },
                },
                Extensions = new Dictionary<string, IOpenApiExtension>
                {
                    [ProblemTypes] = new JsonNodeExtension(new JsonArray([.. codes.Select(c => (JsonNode)$"urn:crm:{c}")])),
                },
            };
        }

        void No(int status, params string[] codes)
        {
            if (!types.TryGetValue(status, out var those))
                types[status] = those = [];
            those.AddRange(codes.Except(those));
        }
    }

    static void Meanings(OpenApiOperation operation, OpenApiOperationTransformerContext of)
    {
        if (Metadata<CrmService.Slice>(of).FirstOrDefault() is { } slice)
            operation.Description ??= Comments.Of(slice.Type);
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            parameter.Description ??= ApiWords.OfParameter(parameter.Name!, Path(of));
    }

    /// <summary>A command that answers with a version accepts the expected version in If-Match.</summary>
    static bool TakesIfMatch(OpenApiOperationTransformerContext of) =>
        Metadata<IProducesResponseTypeMetadata>(of).Any(p => p.Type?.GetProperty(nameof(Changed.Version))?.PropertyType == typeof(long))
        && Metadata<MethodInfo>(of).Any(handler => handler.GetParameters().Any(p => p.ParameterType == typeof(Request)));

    static IEnumerable<T> Metadata<T>(OpenApiOperationTransformerContext of) =>
        of.Description.ActionDescriptor.EndpointMetadata.OfType<T>();

    static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);

    static string Path(OpenApiOperationTransformerContext of) => "/" + Constraint().Replace(of.Description.RelativePath!.Trim('/'), "{$1}");

    /// <summary>Routes say <c>{id:guid}</c>, the document says <c>{id}</c>.</summary>
    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Constraint();
}
