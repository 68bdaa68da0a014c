using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Shouldly;

namespace CrmPlatform.Testing;

/// <summary>Sends every endpoint what clients send by mistake in headers and queries: charsets, Accept, cursors of nobody.</summary>
static class OddRequests
{
    static readonly string[] cursors =
    [
        "no%20cursor",
        "-2147483648",
        "%00",
        "9999-12-31T23:59:59Z",
        "AAAA",
        Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes("-2147483648,0001-01-01T00:00:00Z,x"))),
        new string('A', 3000),
    ];

    /// <param name="http">A client with every permission.</param>
    public static async Task Check(HttpClient http, IReadOnlyList<RouteEndpoint> routes)
    {
        foreach (var route in routes)
        {
            var path = Regex.Replace("/" + route.RoutePattern.RawText!.Trim('/'), @"\{[^}]*\}", Guid.CreateVersion7().ToString());
            foreach (var method in route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                if (method is "GET" or "DELETE")
                    await Queries(http, new(method), path, route);
                else if (route.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Contains("application/json") == true)
                    await Charsets(http, new(method), path);
        }
    }

    static async Task Queries(HttpClient http, HttpMethod method, string path, RouteEndpoint route)
    {
        await Send(http, method, path + "?limit=x", accept: "text/csv");
        await Send(http, method, path, accept: "image/png, text/csv;q=0.5");
        var parameters = route.Metadata.GetMetadata<MethodInfo>()?.GetParameters().Select(p => p.Name) ?? [];
        if (!parameters.Contains("after"))
            return;
        foreach (var cursor in cursors)
            (await Send(http, method, $"{path}?after={cursor}")).ShouldBeOneOf(
                [HttpStatusCode.BadRequest, HttpStatusCode.NotFound],
                $"{method} {path}?after={cursor}"
            );
    }

    static async Task Charsets(HttpClient http, HttpMethod method, string path)
    {
        foreach (var charset in new[] { "utf-8", "\"utf-8\"", "UTF8" })
            (await Send(http, method, path, charset: charset)).ShouldNotBe(HttpStatusCode.UnsupportedMediaType, $"{path} with {charset}");
        foreach (var charset in new[] { "gbk", "\"iso-8859-1\"", "nobody-knows" })
            (await Send(http, method, path, charset: charset)).ShouldBe(HttpStatusCode.UnsupportedMediaType, $"{path} with {charset}");
    }

    static async Task<HttpStatusCode> Send(HttpClient http, HttpMethod method, string path, string? accept = null, string? charset = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        if (charset is not null)
        {
            request.Content = new ByteArrayContent("{}"u8.ToArray());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");
        }
        using var answer = await http.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        var what = $"{method} {path} accepting {accept} with charset {charset}: {body}";
        ((int)answer.StatusCode).ShouldBeLessThan(500, what);
        // A page answers with a page also where there is nothing to show.
        if ((int)answer.StatusCode >= 400 && (path.StartsWith("/api/", StringComparison.Ordinal) || !body.StartsWith('<')))
        {
            answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", what);
            JsonSerializer.Deserialize<JsonElement>(body).GetProperty("type").GetString().ShouldStartWith("urn:crm:", customMessage: what);
        }
        return answer.StatusCode;
    }
}
