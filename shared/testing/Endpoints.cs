using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text;
using System.Text.Json;
using CrmPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Validation;
using Shouldly;

// Only this test queries what the validation generator has found; that API of ASP.NET Core is experimental.
#pragma warning disable ASP0029

namespace CrmPlatform.Testing;

/// <summary>Checks every endpoint of a service, so that none is forgotten.</summary>
public static class Endpoints
{
    static readonly string[] badBodies =
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        "\"text\"",
        "{\"nobody\":\"knows this\"}",
        "{\"a\":\"" + "\\u0000" + "\"}",
    ];

    /// <summary>
    /// 401 without token, 403 with a token that lacks the permission, 4xx for bad input (body, id, query), always as problem details, never
    /// a 5xx; every endpoint is in the OpenAPI document or is open to everybody.
    /// </summary>
    /// <param name="fixture">The running service.</param>
    /// <param name="permissions">All permissions of the service.</param>
    public static async Task Check<TProgram>(ServiceFixture<TProgram> fixture, params string[] permissions)
        where TProgram : class
    {
        var document = await fixture.Anonymous().GetStringAsync("/openapi/v1.json");
        var paths = JsonSerializer
            .Deserialize<JsonElement>(document)
            .GetProperty("paths")
            .EnumerateObject()
            .Select(p => p.Name)
            .ToHashSet();
        var routes = fixture.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        routes.Count.ShouldBeGreaterThan(3);
        var validated = fixture.Services.GetRequiredService<IOptions<ValidationOptions>>().Value;
        foreach (var route in routes)
        {
            if (route.Metadata.GetMetadata<IAllowAnonymous>() is not null)
                continue;
            var required = route.Metadata.GetMetadata<Permissions.Required>();
            required.ShouldNotBeNull($"{route.DisplayName} requires no permission");
            permissions.ShouldContain(required.Permission, $"{route.DisplayName} requires a permission that is missing from the list");
            foreach (var parameter in route.Metadata.GetMetadata<System.Reflection.MethodInfo>()?.GetParameters() ?? [])
                Unchecked(parameter.ParameterType)
                    .ShouldBeEmpty($"{route.DisplayName}: validation does not check the elements of an array; use an IReadOnlyList");
            if (route.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } request && HasRules(request))
                validated
                    .TryGetValidatableTypeInfo(request, out _)
                    .ShouldBeTrue($"{route.DisplayName}: the attributes of {request.Name} are not checked");
            var template = "/" + route.RoutePattern.RawText!.TrimStart('/');
            var methods = route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"];
            if (template.StartsWith("/api/", StringComparison.Ordinal))
                paths.ShouldContain(
                    System.Text.RegularExpressions.Regex.Replace(template.TrimEnd('/'), @"\{(\w+)[^}]*\}", "{$1}"),
                    "every route is in the document"
                );
            var type = route.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes[0] ?? "application/json";
            foreach (var method in methods)
            {
                var path = Fill(template, Guid.CreateVersion7().ToString());
                await Expect(fixture.Anonymous(), method, path, "{}", type, HttpStatusCode.Unauthorized);
                await Expect(fixture.Http(), method, path, "{}", type, HttpStatusCode.Forbidden);
                await Expect(
                    fixture.Http([.. permissions.Where(p => p != required.Permission)]),
                    method,
                    path,
                    "{}",
                    type,
                    HttpStatusCode.Forbidden
                );
                var http = fixture.Http(permissions);
                if (method is "GET" or "DELETE")
                {
                    await NoFailure(http, method, path, null, type);
                    foreach (
                        var query in new[]
                        {
                            "?limit=0",
                            "?limit=99999",
                            "?limit=x",
                            "?after=%00",
                            "?after=zzz",
                            "?asOf=x&from=x",
                            "?kind=%F0%9F%98%80",
                        }
                    )
                        await NoFailure(http, method, path + query, null, type);
                }
                else
                {
                    foreach (var body in badBodies)
                        await NoFailure(http, method, path, body, type);
                    if (route.Metadata.GetMetadata<IAcceptsMetadata>() is null)
                        await Expect(http, method, path, "{\"nobody\":\"knows this\"}", type, HttpStatusCode.BadRequest);
                }
                foreach (var id in new[] { "not-an-id", "..%2F..", "%F0%9F%98%80", new string('x', 2000) })
                    await NoFailure(http, method, Fill(template, id), method is "GET" or "DELETE" ? null : "{}", type);
            }
        }
        await OddRequests.Check(
            fixture.Http(permissions),
            [.. routes.Where(r => r.Metadata.GetMetadata<Permissions.Required>() is not null)]
        );
        (await fixture.Http(permissions).GetAsync("/api/nowhere")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>Finds arrays in a request whose elements have validation attributes.</summary>
    static IEnumerable<string> Unchecked(Type request, int depth = 0) =>
        from property in request.Namespace?.StartsWith("CrmPlatform", StringComparison.Ordinal) == true && depth < 4
            ? request.GetProperties()
            : []
        let type = property.PropertyType
        let element = type.GetElementType() ?? (type.IsGenericType ? type.GetGenericArguments()[0] : type)
        let lacks = type.IsArray && HasRules(element) ? [$"{request.Name}.{property.Name}"] : Array.Empty<string>()
        from found in element == request ? lacks : lacks.Concat(Unchecked(element, depth + 1))
        select found;

    static bool HasRules(Type type) => type.GetProperties().Any(p => p.IsDefined(typeof(ValidationAttribute), inherit: true));

    static string Fill(string template, string value) => System.Text.RegularExpressions.Regex.Replace(template, @"\{[^}]*\}", value);

    static async Task Expect(HttpClient http, string method, string path, string body, string type, HttpStatusCode expected)
    {
        var answer = await Send(http, method, path, method is "GET" or "DELETE" ? null : body, type);
        answer.StatusCode.ShouldBe(expected, $"{method} {path}");
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", $"{method} {path}");
    }

    static async Task NoFailure(HttpClient http, string method, string path, string? body, string type)
    {
        var answer = await Send(http, method, path, body, type);
        ((int)answer.StatusCode).ShouldBeLessThan(500, $"{method} {path} with {body}: {await answer.Content.ReadAsStringAsync()}");
        // A page answers with a page also where there is nothing to show.
        string?[] expected = path.StartsWith("/api/", StringComparison.Ordinal)
            ? ["application/problem+json"]
            : ["application/problem+json", "text/html"];
        if ((int)answer.StatusCode >= 400)
            answer.Content.Headers.ContentType?.MediaType.ShouldBeOneOf(expected, $"{method} {path} with {body}");
    }

    static Task<HttpResponseMessage> Send(HttpClient http, string method, string path, string? body, string type)
    {
        var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, type);
        return http.SendAsync(request);
    }
}
