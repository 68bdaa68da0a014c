using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace CrmPlatform.Gateway.Edge;

/// <summary>Passes requests to the rooms. Routes are in appsettings.json; where each room is comes from <c>Services:…</c>.</summary>
public static class Backends
{
    public static IReadOnlyList<string> Rooms { get; } = ["Customers", "Segmentation", "ServiceDesk", "Loyalty", "Portraits"];

    static readonly TimeSpan comeBackIn = TimeSpan.FromSeconds(5);

    public static void AddBackends(this WebApplicationBuilder builder)
    {
        builder.Services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            .AddConfigFilter<Destinations>();
        foreach (var room in Rooms) Address(builder.Configuration, room);
    }

    public static void MapBackends(this WebApplication app) => app.MapReverseProxy(proxy =>
    {
        proxy.Use(SizeLimits.Check);
        proxy.Use(async (http, next) =>
        {
            await next();
            if (http.GetForwarderErrorFeature() is { } failure && !http.Response.HasStarted) await Explain(http, failure);
        });
    });

    public static Uri Address(IConfiguration configuration, string room)
        => Uri.TryCreate(configuration[$"Services:{room}"], UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new InvalidOperationException($"Services:{room} must be the address of that service, for example http://{room.ToLowerInvariant()}:8080");

    static Task Explain(HttpContext http, IForwarderErrorFeature failure) => failure switch
    {
        { Exception: BadHttpRequestException { StatusCode: 413 } } or { Exception.InnerException: BadHttpRequestException { StatusCode: 413 } } => SizeLimits.TooLarge(http),
        // The client is gone or does not keep up: nobody reads an answer.
        { Error: ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled } => Task.CompletedTask,
        { Error: ForwarderError.RequestBodyClient } => Problem.Write(http, 400, "invalid-request", "The request's body could not be read"),
        _ => Problem.Write(http, 503, "unavailable", "This part of the platform is away", "Try again later; nothing of the request may have been done.", comeBackIn),
    };

    /// <summary>Gives each cluster its one destination, and a policy to any route that forgot to name one: deny by default.</summary>
    sealed class Destinations(IConfiguration configuration) : IProxyConfigFilter
    {
        public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel)
        {
            var address = Address(configuration, cluster.ClusterId).ToString();
            return new(cluster with { Destinations = new Dictionary<string, DestinationConfig> { [cluster.ClusterId] = new() { Address = address } } });
        }

        public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel)
            => new(route with { AuthorizationPolicy = route.AuthorizationPolicy ?? "default" });
    }
}
