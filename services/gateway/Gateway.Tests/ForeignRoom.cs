using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrmPlatform.Gateway.Tests;

/// <summary>What a room saw of a request.</summary>
public sealed record Seen(string Room, string Method, string Path, string? Authorization, string? Correlation, long Bytes);

/// <summary>A foreign HTTP server on loopback that stands where a room would.</summary>
public sealed class ForeignRoom : IAsyncDisposable
{
    readonly WebApplication app;
    readonly TaskCompletionSource firstBytes = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Uri Address { get; }

    /// <summary>Completes when an import's first bytes have come through.</summary>
    public Task FirstBytes => firstBytes.Task;

    ForeignRoom(WebApplication app, Uri address) => (this.app, Address) = (app, address);

    public static async Task<ForeignRoom> Open(string name, string document = "{}")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        // As a room must that answers while it still reads: an HTTP/1.1 client reads the answer only when it has sent everything.
        builder.WebHost.UseSockets(sockets => sockets.MaxWriteBufferSize = null);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var app = builder.Build();
        ForeignRoom? self = null;
        app.MapGet("/openapi/v1.json", () => Results.Text(document, "application/json"));
        app.MapGet(
            "/.well-known/openid-configuration",
            (HttpContext http) => new { issuer = Self(http), jwks_uri = $"{Self(http)}/openapi/v1.json" }
        );
        app.MapGet("/health/ready", () => "fine");
        app.Map("/api/{context}/hang-up", (HttpContext http) => http.Abort());
        app.Map("/api/{context}/own-problem", (HttpContext http) => Results.Problem(type: "urn:crm:stale", statusCode: 412));
        app.MapPost("/api/customers/imports/echo", (HttpContext http) => http.Request.Body.CopyToAsync(http.Response.Body));
        app.MapFallback(
            async (HttpContext http) =>
            {
                var (buffer, bytes) = (new byte[64 * 1024], 0L);
                int read;
                while ((read = await http.Request.Body.ReadAsync(buffer)) > 0)
                {
                    bytes += read;
                    self!.firstBytes.TrySetResult();
                }
                http.Response.Headers["X-Powered-By"] = "a careless room";
                http.Response.Headers["X-Correlation-Id"] = "of-the-room";
                http.Response.Headers.CacheControl = "public, max-age=60";
                return Results.Json(
                    new Seen(
                        name,
                        http.Request.Method,
                        http.Request.Path + http.Request.QueryString,
                        http.Request.Headers.Authorization,
                        http.Request.Headers["X-Correlation-Id"],
                        bytes
                    )
                );
            }
        );
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return self = new ForeignRoom(app, new Uri(address));
    }

    static string Self(HttpContext http) => $"http://{http.Request.Host}";

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
