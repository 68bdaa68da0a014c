using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CrmPlatform.ServiceDefaults;

/// <summary>One request that a service's <c>.http</c> file sent, and the answer. Bodies are JSON, or text of another media type.</summary>
public sealed record ApiExample(string Title, string? RequestType, JsonNode? Request, int Status, string? ResponseType, JsonNode? Response);

static partial class ApiDescription
{
    /// <summary>Resource embedded in a service: requests and answers of its <c>.http</c> file by operation (<c>POST /api/…</c>).</summary>
    const string Examples = "examples.json";

    static void Show(OpenApiOperation operation, OpenApiOperationTransformerContext of)
    {
        var name = $"{of.Description.HttpMethod} {Path(of)}";
        if (
            Metadata<CrmService.Slice>(of).FirstOrDefault() is not { } slice
            || !Of(slice.Type.Assembly).TryGetValue(name, out var examples)
        )
            return;
        foreach (var example in examples)
        {
            // A body that is malformed is no example of one.
            if (example.Request is not null && example.Status != 400)
                Put(operation.RequestBody?.Content, example.RequestType, example.Title, example.Request);
            if (example.Response is not null && operation.Responses?.TryGetValue(Text(example.Status), out var answer) == true)
                Put(answer.Content, example.ResponseType, example.Title, example.Response);
        }

        static void Put(IDictionary<string, OpenApiMediaType>? content, string? type, string title, JsonNode body)
        {
            if (type is null || content?.TryGetValue(type, out var media) != true)
                return;
            (media!.Examples ??= new Dictionary<string, IOpenApiExample>())[title] = new OpenApiExample { Summary = title, Value = body };
        }
    }

    /// <summary>Empty if the service has no embedded examples.</summary>
    static Dictionary<string, ApiExample[]> Of(Assembly service)
    {
        using var file = service.GetManifestResourceStream(Examples);
        return file is null ? [] : JsonSerializer.Deserialize<Dictionary<string, ApiExample[]>>(file, JsonSerializerOptions.Web)!;
    }
}
