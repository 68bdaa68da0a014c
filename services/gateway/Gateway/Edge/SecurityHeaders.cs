namespace CrmPlatform.Gateway.Edge;

/// <summary>
/// Tells browsers and caches what they may do with an answer: nearly nothing. No CORS: other sites' scripts are not let in.
/// </summary>
public static class SecurityHeaders
{
    const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    // Swagger UI draws with inline styles and data: images; its scripts are files of this host.
    const string Page =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    public static void UseSecurityHeaders(this WebApplication app) =>
        app.Use(
            (http, next) =>
            {
                http.Response.OnStarting(() =>
                {
                    var (path, headers) = (http.Request.Path, http.Response.Headers);
                    var page =
                        path.StartsWithSegments("/docs") || path.StartsWithSegments("/portraits") || path.StartsWithSegments("/sign-in");
                    headers.XContentTypeOptions = "nosniff";
                    headers.XFrameOptions = "DENY";
                    headers["Referrer-Policy"] = "no-referrer";
                    // A page may bring a stricter policy of its own.
                    if (headers.ContentSecurityPolicy.Count == 0)
                        headers.ContentSecurityPolicy = page ? Page : Nothing;
                    if (path.StartsWithSegments("/api") || path.StartsWithSegments("/portraits") || path.StartsWithSegments("/sign-in"))
                        headers.CacheControl = "no-store";
                    if (http.Request.IsHttps)
                        headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
                    headers.Remove("Server");
                    headers.Remove("X-Powered-By");
                    return Task.CompletedTask;
                });
                return next(http);
            }
        );
}
