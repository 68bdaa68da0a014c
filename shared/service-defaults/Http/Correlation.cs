using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// One id for everything that a request causes: taken from <c>X-Correlation-Id</c> or created, returned in the answer, and recorded with
/// every event together with the caller's subject and the trace.
/// </summary>
public sealed class Correlation(RequestDelegate next)
{
    public const string Header = "X-Correlation-Id";

    public async Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers[Header].ToString();
        var id =
            given.Length is > 0 and <= 64 && given.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
                ? given
                : Guid.CreateVersion7().ToString();
        context.Items[Header] = id;
        context.Response.Headers[Header] = id;
        await next(context);
    }

    internal static EventMetadata MetadataOf(HttpContext context) =>
        new(Of(context), Of(context), context.User.Subject(), Activity.Current?.Id);

    public static string? Of(HttpContext context) => context.Items[Header] as string;
}
