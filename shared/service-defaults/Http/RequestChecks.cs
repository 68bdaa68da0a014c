using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Refuses what no endpoint accepts, before any of them runs, with the name of the field and what was expected: the framework's own
/// messages name .NET types, or say nothing.
/// </summary>
static class RequestChecks
{
    static readonly ConcurrentDictionary<MethodInfo, ParameterInfo[]> parameters = new();

    /// <exception cref="BadRequestException">A parameter of the query or route is not what its type accepts.</exception>
    public static Task Check(HttpContext http, RequestDelegate next)
    {
        // PostgreSQL cannot store U+0000, and if a statement is refused for it while the driver prepares it, the connection becomes
        // unusable (Npgsql 10.0.3).
        foreach (var (name, values) in http.Request.Query)
            if (name.Contains('\0', StringComparison.Ordinal) || values.Any(v => v?.Contains('\0', StringComparison.Ordinal) == true))
                throw new BadRequestException(name.Replace("\0", "", StringComparison.Ordinal), "text without U+0000");
        foreach (var (name, value) in http.Request.RouteValues)
            if ((value as string)?.Contains('\0', StringComparison.Ordinal) == true)
                throw new BadRequestException(name, "text without U+0000");
        if (http.GetEndpoint() is not RouteEndpoint endpoint)
            return next(http);
        if (endpoint.Metadata.GetMetadata<MethodInfo>() is { } handler)
            foreach (var parameter in parameters.GetOrAdd(handler, Checked))
                Check(parameter, http);
        // An import decodes its body itself, and knows other charsets.
        return
            endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is null
            || endpoint.Metadata.GetMetadata<ImportFormat>() is not null
            || HasKnownCharset(http.Request)
            ? next(http)
            : Answer
                .Problem(415, "unsupported-media-type", "The charset must be utf-8, or left out.", HeaderNames.ContentType)
                .ExecuteAsync(http);
    }

    static ParameterInfo[] Checked(MethodInfo handler) => [.. handler.GetParameters().Where(p => Expectations.Knows(p.ParameterType))];

    static void Check(ParameterInfo parameter, HttpContext http)
    {
        var (name, type) = (parameter.Name!, parameter.ParameterType);
        if (http.Request.RouteValues.TryGetValue(name, out var inRoute))
        {
            if (inRoute is string text && !Expectations.Accepts(type, text))
                throw new BadRequestException(name, Expectations.OfParameter(type));
            return;
        }
        var values = http.Request.Query[name];
        if (values.Count > 1)
            throw new BadRequestException(name, "given once");
        if (values.Count == 1 && values[0] is { Length: > 0 } value)
        {
            if (!Expectations.Accepts(type, value))
                throw new BadRequestException(name, Expectations.OfParameter(type));
        }
        else if (values.Count == 1 || (Nullable.GetUnderlyingType(type) is null && !parameter.HasDefaultValue))
            throw new BadRequestException(name, Expectations.OfParameter(type));
    }

    /// <summary>JSON is UTF-8. A spelling of it that the framework does not know (<c>"utf-8"</c>, utf8) is replaced.</summary>
    static bool HasKnownCharset(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.Charset.HasValue)
            return true;
        var charset = HeaderUtilities.RemoveQuotes(type.Charset).ToString();
        if (
            !charset.Equals(Encoding.UTF8.WebName, StringComparison.OrdinalIgnoreCase)
            && !charset.Equals("utf8", StringComparison.OrdinalIgnoreCase)
        )
            return false;
        type.Charset = Encoding.UTF8.WebName;
        request.ContentType = type.ToString();
        return true;
    }
}
