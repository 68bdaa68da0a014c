using System.Text.Json;
using System.Text.RegularExpressions;
using CrmPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace CrmPlatform.Testing;

/// <summary>Compares a room's OpenAPI document with what the room does.</summary>
public sealed partial class Described
{
    readonly Dictionary<string, JsonElement> operations;

    Described(Dictionary<string, JsonElement> operations) => this.operations = operations;

    public static Described In(string document) =>
        new(
            JsonSerializer
                .Deserialize<JsonElement>(document)
                .GetProperty("paths")
                .EnumerateObject()
                .SelectMany(path =>
                    path.Value.EnumerateObject().Select(method => (Name: $"{method.Name.ToUpperInvariant()} {path.Name}", method.Value))
                )
                .ToDictionary(o => o.Name, o => o.Value)
        );

    /// <summary>Turns a problem that the operation does not document into a 500, so that the test that provoked it fails.</summary>
    internal void Check(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        if ((http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint()) is not RouteEndpoint route)
            return;
        var (name, problem) = (Name(http.Request.Method, route), context.ProblemDetails);
        if (
            problem.Status is not (>= 400 and < 500)
            || !operations.TryGetValue(name, out var operation)
            || Types(operation, problem.Status.Value).Contains(problem.Type)
        )
            return;
        problem.Detail = $"{name} answered {problem.Status} {problem.Type}, which its OpenAPI description does not list";
        (problem.Status, http.Response.StatusCode) = (500, 500);
    }

    /// <summary>
    /// Every operation of the room has a summary, an example of its request (if it takes one) and of its answer (if it gives one), and
    /// lists its errors with their types.
    /// </summary>
    public static async Task Check<TProgram>(ServiceFixture<TProgram> room)
        where TProgram : class
    {
        var described = In(await room.Anonymous().GetStringAsync("/openapi/v1.json"));
        var lacking = new List<string>();
        foreach (var (route, name) in Own(room))
        {
            var operation = described.operations[name];
            Must(operation.TryGetProperty("summary", out var summary) && summary.GetString() is { Length: > 0 }, "a summary");
            if (operation.TryGetProperty("requestBody", out var request))
                Must(Shows(request), "an example of its request");
            var answers = operation.GetProperty("responses").EnumerateObject().ToList();
            Must(answers.Any(a => a.Name[0] == '2' && Shows(a.Value)), "an example of its answer");
            foreach (
                var status in answers
                    .Where(a => a.Name[0] == '4')
                    .Select(a => int.Parse(a.Name, System.Globalization.CultureInfo.InvariantCulture))
            )
                Must(Types(operation, status).Count > 0, $"the types of its {status}");
            foreach (var status in (int[])[401, 403])
                Must(Types(operation, status).Count > 0, $"a {status}");
            var codes = route
                .Metadata.GetOrderedMetadata<Refusals.Declared>()
                .Where(d => d.Status >= 400)
                .SelectMany(d => d.Codes.Select(code => (d.Status, Type: "urn:crm:" + code)));
            foreach (var (status, type) in codes)
                Must(Types(operation, status).Contains(type), type);

            void Must(bool holds, string what)
            {
                if (!holds)
                    lacking.Add($"{name} lacks {what}");
            }
        }
        lacking.ShouldBeEmpty("run the .http file with CRM_FREEZE=1 for examples; WithSummary, Refuses and Duplicates for the rest");
    }

    /// <summary>
    /// Every code that the sources of a folder throw is declared by an endpoint of that folder (or, where it has no endpoints, of any), and
    /// every declared code is thrown somewhere.
    /// </summary>
    /// <param name="sources">The folder of the room's project.</param>
    public static void CheckRefusals<TProgram>(ServiceFixture<TProgram> room, string sources)
        where TProgram : class
    {
        var thrown = Directory
            .EnumerateDirectories(sources)
            .Where(d => Path.GetFileName(d) is not ("bin" or "obj"))
            .SelectMany(folder =>
                Directory
                    .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                    .SelectMany(file => Codes(File.ReadAllText(file)))
                    .Select(code => (Folder: Path.GetFileName(folder), Code: code))
            )
            .ToHashSet();
        thrown.Count.ShouldBeGreaterThan(0);
        var root = typeof(TProgram).Assembly.GetName().Name!;
        var declared = Own(room)
            .SelectMany(o =>
                o.Route.Metadata.GetOrderedMetadata<Refusals.Declared>()
                    .SelectMany(d => d.Codes.Select(code => (Folder: Folder(o.Route), Code: code)))
            )
            .ToHashSet();
        var open = Own(room).Select(o => Folder(o.Route)).ToHashSet();
        thrown
            .Where(t => open.Contains(t.Folder) ? !declared.Contains(t) : declared.All(d => d.Code != t.Code))
            .ShouldBeEmpty("these codes are thrown but not declared by an endpoint: add .Refuses(…), .Duplicates(…), or to MapImport");
        // The shared code of imports returns these codes for every room.
        string[] shared = ["invalid-request", "too-large", "contradiction", "undecodable", "context-away"];
        var known = thrown.Select(t => t.Code).Concat(shared).ToHashSet();
        declared.Where(d => !known.Contains(d.Code)).ShouldBeEmpty("these codes are declared but never thrown");

        string Folder(RouteEndpoint route) =>
            route.Metadata.GetMetadata<CrmService.Slice>()!.Type.Namespace![root.Length..].Trim('.').Split('.')[0];
    }

    static IEnumerable<string> Codes(string source) =>
        Thrown()
            .Matches(source)
            .Select(m => m.Groups[1].Value)
            .Concat(source.Contains($"{nameof(Clocks)}.{nameof(Clocks.Told)}(", StringComparison.Ordinal) ? ["in-the-future"] : []);

    static IEnumerable<(RouteEndpoint Route, string Name)> Own<TProgram>(ServiceFixture<TProgram> room)
        where TProgram : class =>
        from route in room.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where route.Metadata.GetMetadata<CrmService.Slice>()?.Type.Assembly == typeof(TProgram).Assembly
        from method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        select (route, Name(method, route));

    static string Name(string method, RouteEndpoint route) =>
        $"{method} /{Regex.Replace(route.RoutePattern.RawText!.Trim('/'), @"\{(\w+)[^}]*\}", "{$1}")}";

    static bool Shows(JsonElement part) =>
        part.TryGetProperty("content", out var content)
        && content
            .EnumerateObject()
            .Any(media => media.Value.TryGetProperty("examples", out var examples) && examples.EnumerateObject().Any());

    static HashSet<string?> Types(JsonElement operation, int status) =>
        operation
            .GetProperty("responses")
            .TryGetProperty(status.ToString(System.Globalization.CultureInfo.InvariantCulture), out var answer)
        && answer.TryGetProperty("x-crm-types", out var types)
            ? [.. types.EnumerateArray().Select(t => t.GetString())]
            : [];

    [GeneratedRegex("(?:RuleViolationException|DuplicateException|\\bNo)\\(\\s*\"([a-z0-9-]+)\"")]
    private static partial Regex Thrown();
}
