using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Platform.Tests;

/// <summary>
/// Sends every endpoint of a room requests with a unique text wherever a client may write one: in each text of the documented bodies, in
/// the route, the query and the headers. Some are accepted, most are refused.
/// </summary>
static class MarkedRequests
{
    public const string Marker = "zqxmarker";

    static readonly string[] headers =
    [
        "User-Agent",
        "Referer",
        "Cookie",
        "Accept-Language",
        "Origin",
        "X-Forwarded-For",
        "traceparent",
        "Request-Id",
        "tracestate",
        "baggage",
        "X-Anything",
    ];

    /// <returns>How many requests were sent, by status.</returns>
    public static async Task<Dictionary<int, int>> Send<TProgram>(ServiceFixture<TProgram> room)
        where TProgram : class
    {
        var routes = room.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        using var http = room.Http([
            .. routes.Select(e => e.Metadata.GetMetadata<Permissions.Required>()?.Permission).OfType<string>().Distinct(),
            Permissions.PersonalRead,
        ]);
        var document = JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json"))!;
        var answers = new Dictionary<int, int>();
        foreach (var route in routes.Where(route => route.Metadata.GetMetadata<Permissions.Required>() is not null))
        {
            var template = Regex.Replace("/" + route.RoutePattern.RawText!.Trim('/'), @"\{(\w+)[^}]*\}", "{$1}");
            var method = route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET";
            var described = document["paths"]?[template]?[method.ToLowerInvariant()];
            var bodies = Bodies(described, route).Take(method is "GET" or "DELETE" ? 1 : int.MaxValue).ToList();
            foreach (var path in Paths(template, described))
            foreach (var body in bodies)
            {
                using var request = new HttpRequestMessage(new(method), path);
                foreach (var header in headers)
                    request.Headers.TryAddWithoutValidation(header, $"{Marker}=1");
                request.Headers.TryAddWithoutValidation("Idempotency-Key", $"{Marker}-{Guid.CreateVersion7()}");
                if (method is not ("GET" or "DELETE"))
                    request.Content = new StringContent(body.Text, Encoding.UTF8, body.Type);
                using var answer = await http.SendAsync(request);
                await answer.Content.ReadAsByteArrayAsync();
                var status = (int)answer.StatusCode;
                answers[status] = answers.GetValueOrDefault(status) + 1;
            }
        }
        return answers;
    }

    static IEnumerable<string> Paths(string template, JsonNode? described)
    {
        var id = Guid.CreateVersion7().ToString();
        yield return Regex.Replace(template, @"\{\w+\}", id) + $"?{Marker}={Marker}";
        yield return Regex.Replace(template, @"\{\w+\}", Marker);
        foreach (var parameter in described?["parameters"]?.AsArray() ?? [])
            if ((string?)parameter!["in"] == "query")
                yield return Regex.Replace(template, @"\{\w+\}", id)
                    + string.Create(CultureInfo.InvariantCulture, $"?{parameter["name"]}={Marker}");
    }

    static IEnumerable<(string Text, string Type)> Bodies(JsonNode? described, RouteEndpoint route)
    {
        var type = route.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes[0] ?? "application/json";
        yield return ($$"""{"{{Marker}}":"{{Marker}}"}""", type);
        yield return ($"{Marker}\n{Marker},\"{Marker}", type);
        if (described?["requestBody"]?["content"]?["application/json"]?["examples"] is not JsonObject examples)
            yield break;
        foreach (var example in examples.Select(e => e.Value!["value"]).OfType<JsonNode>())
        foreach (var at in Texts(example))
        {
            var copy = example.DeepClone();
            var place = at.Aggregate(copy, (node, step) => step is int index ? node[index]! : node[(string)step]!);
            place.ReplaceWith(Marker);
            yield return (copy.ToJsonString(), type);
        }
    }

    /// <summary>The ways to each value of an example.</summary>
    static IEnumerable<object[]> Texts(JsonNode node) =>
        node switch
        {
            JsonObject members => members
                .Where(m => m.Value is not null)
                .SelectMany(m => Texts(m.Value!).Select(way => (object[])[m.Key, .. way])),
            JsonArray items => items.SelectMany((item, i) => item is null ? [] : Texts(item).Select(way => (object[])[i, .. way])),
            _ =>
            [
                [],
            ],
        };
}
