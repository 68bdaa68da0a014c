using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// An endpoint without a body accepts none, <c>{}</c> or <c>null</c>: a property that it does not know is refused, as one of any other
/// body, and is not silently ignored.
/// </summary>
static class EmptyBodies
{
    /// <exception cref="BadRequestException">The body has a property.</exception>
    public static async Task Check(HttpContext http, RequestDelegate next)
    {
        if (IsWithoutBody(http) && http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            if (!IsEmpty(body.GetBuffer().AsSpan(0, (int)body.Length)))
            {
                await Answer.Problem(400, "invalid-request", "The body must be empty, or an object without properties.").ExecuteAsync(http);
                return;
            }
        }
        await next(http);
    }

    // Imports and uploads read the body themselves; routes of a gateway pass it on.
    static bool IsWithoutBody(HttpContext http) =>
        http.GetEndpoint()?.Metadata is { } metadata
        && metadata.GetMetadata<Permissions.Required>() is not null
        && metadata.GetMetadata<IAcceptsMetadata>() is null
        && metadata.GetMetadata<ImportFormat>() is null;

    static bool IsEmpty(ReadOnlySpan<byte> body)
    {
        if (body.Trim(" \t\r\n"u8).IsEmpty)
            return true;
        try
        {
            var json = new Utf8JsonReader(body);
            if (!json.Read() || json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
                return false;
            if (json.TokenType == JsonTokenType.Null)
                return !json.Read();
            if (!json.Read())
                return false;
            if (json.TokenType == JsonTokenType.PropertyName)
                throw new BadRequestException(json.GetString()!, "left out: nothing knows it");
            return !json.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
