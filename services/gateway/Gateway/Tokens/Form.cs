using System.Net.Mime;
using Microsoft.Net.Http.Headers;

namespace CrmPlatform.Gateway.Tokens;

/// <summary>The fields of a form as browsers and OAuth clients send it.</summary>
public static class Form
{
    /// <exception cref="UnreadableFormException">It is no form, or a broken one, or has too many fields.</exception>
    public static async Task<IFormCollection> Read(HttpContext http, CancellationToken ct)
    {
        if (
            !MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            || !type.MediaType.Equals(MediaTypeNames.Application.FormUrlEncoded, StringComparison.OrdinalIgnoreCase)
        )
            throw new UnreadableFormException($"send {MediaTypeNames.Application.FormUrlEncoded}");
        try
        {
            return await http.Request.ReadFormAsync(ct);
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or BadHttpRequestException { StatusCode: 400 })
        {
            throw new UnreadableFormException("the form cannot be read");
        }
    }
}

/// <summary>The form cannot be read, for this reason.</summary>
public sealed class UnreadableFormException(string message) : Exception(message);
