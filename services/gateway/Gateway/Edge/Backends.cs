using CrmPlatform.Rooms;
using CrmPlatform.ServiceDefaults;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace CrmPlatform.Gateway.Edge;

/// <summary>
/// Passes requests to the rooms by the paths that rooms.json declares; <c>ReverseProxy</c> in the configuration adds routes of your own.
/// Where each room is comes from <c>Services:…</c>.
/// </summary>
public static class Backends
{
    const long uploadBytes = 256 << 20;
    static readonly TimeSpan patience = TimeSpan.FromSeconds(100);
    static readonly TimeSpan comeBackIn = TimeSpan.FromSeconds(5);

    public static void AddBackends(this WebApplicationBuilder builder)
    {
        var own = builder.Configuration.GetSection("ReverseProxy");
        // Up to 0.2 the rooms' routes stood there: what is left of that is named, not passed over.
        foreach (
            var old in own.GetSection("Clusters")
                .GetChildren()
                .Where(c => Room.All.Any(room => room.Project == c.Key))
                .Concat(own.GetSection("Routes").GetChildren().Where(r => r["Match:Path"] is null))
        )
            throw new SettingException(
                old.Path,
                "left out: rooms.json declares the rooms' routes. How large an upload may be is Limits:UploadBytes, "
                    + "how long a request may take is Limits:ActivityTimeout; "
                    + "a route of your own needs Match:Path and a cluster of its own."
            );
        var (uploads, timeout) = (
            builder.Configuration.GetValue("Limits:UploadBytes", uploadBytes),
            builder.Configuration.GetValue("Limits:ActivityTimeout", patience)
        );
        builder
            .Services.AddReverseProxy()
            .LoadFromMemory(
                [.. Room.All.SelectMany(room => Routes(room, uploads))],
                [
                    .. Room.All.Select(room => new ClusterConfig
                    {
                        ClusterId = room.Project,
                        HttpRequest = new() { ActivityTimeout = timeout },
                    }),
                ]
            )
            .LoadFromConfig(own)
            .AddConfigFilter<Destinations>()
            // Connections are renewed, so that new replicas behind a name get their share.
            .ConfigureHttpClient((_, handler) => handler.PooledConnectionLifetime = TimeSpan.FromMinutes(1));
        foreach (var room in Room.All)
            Address(builder.Configuration, room.Project);
    }

    public static void MapBackends(this WebApplication app) =>
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(Passable.Check);
            proxy.Use(SizeLimits.Check);
            proxy.Use(
                async (http, next) =>
                {
                    await next();
                    if (http.GetForwarderErrorFeature() is { } failure && !http.Response.HasStarted)
                        await Explain(http, failure);
                }
            );
        });

    public static Uri Address(IConfiguration configuration, string room) =>
        Uri.TryCreate(configuration[$"Services:{room}"], UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new SettingException(
                $"Services:{room}",
                $"the address of that service, for example http://{room.ToLowerInvariant()}:8080"
            );

    static IEnumerable<RouteConfig> Routes(Room room, long uploads) =>
        [
            Route(room, $"/api/{room.Name}/{{**rest}}"),
            .. room.Routes.Select(path => Route(room, path)),
            .. room.Uploads.Select(path => Route(room, path) with { MaxRequestBodySize = uploads }),
            .. room.Pages.Select(path => Route(room, path, "GET", "HEAD")),
            .. room.OpenPages.Select(path => Route(room, path, "GET", "HEAD", "POST") with { AuthorizationPolicy = "anonymous" }),
        ];

    static RouteConfig Route(Room room, string path, params string[] methods) =>
        new()
        {
            RouteId = path,
            ClusterId = room.Project,
            Match = new() { Path = path, Methods = methods.Length > 0 ? methods : null },
        };

    static Task Explain(HttpContext http, IForwarderErrorFeature failure) =>
        failure switch
        {
            { Exception: BadHttpRequestException { StatusCode: 413 } }
            or { Exception.InnerException: BadHttpRequestException { StatusCode: 413 } } => SizeLimits.TooLarge(http),
            // The client is gone or does not keep up: nobody reads an answer.
            { Error: ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled } =>
                Task.CompletedTask,
            { Error: ForwarderError.RequestBodyClient } => Problem.Write(
                http,
                400,
                "invalid-request",
                "The request's body could not be read"
            ),
            _ => Problem.Write(
                http,
                503,
                "unavailable",
                "This part of the platform is away",
                "Try again later; nothing of the request may have been done.",
                comeBackIn
            ),
        };

    /// <summary>Gives each cluster its one destination, and a policy to any route that forgot to name one: deny by default.</summary>
    sealed class Destinations(IConfiguration configuration) : IProxyConfigFilter
    {
        public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel)
        {
            var address = Address(configuration, cluster.ClusterId).ToString();
            return new(
                cluster with
                {
                    Destinations = new Dictionary<string, DestinationConfig> { [cluster.ClusterId] = new() { Address = address } },
                }
            );
        }

        public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) =>
            new(route with { AuthorizationPolicy = route.AuthorizationPolicy ?? "default" });
    }
}
