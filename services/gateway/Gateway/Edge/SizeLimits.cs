using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CrmPlatform.Gateway.Edge;

/// <summary>
/// How large a request may be: <c>Limits:RequestBytes</c>, unless its route allows more (imports, which are streamed, never buffered).
/// </summary>
public static class SizeLimits
{
    public static void AddSizeLimits(this WebApplicationBuilder builder) =>
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = builder.Configuration.GetValue("Limits:RequestBytes", 1L << 20);
        });

    /// <summary>
    /// Refuses by the announced length before a byte is passed on; a body without one is cut off by the server at the same limit.
    /// </summary>
    public static async Task Check(HttpContext http, Func<Task> next)
    {
        var limit =
            http.GetReverseProxyFeature().Route.Config.MaxRequestBodySize
            ?? http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        if (http.Request.ContentLength > limit)
            await TooLarge(http, limit);
        else
            await next();
    }

    public static Task TooLarge(HttpContext http, long? limit = null) =>
        Problem.Write(http, 413, "too-large", "The request is too large", limit is null ? null : $"At most {limit} bytes here.");
}
