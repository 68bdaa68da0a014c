extern alias customers;
extern alias desk;
extern alias loyalty;
extern alias portraits;
extern alias segmentation;

using CrmPlatform.Contracts;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Platform.Tests;

/// <summary>What the services say of themselves when they run.</summary>
public sealed class AllRooms : IAsyncLifetime
{
    public Dictionary<string, Reactions> Reactions { get; } = [];

    /// <summary>Method and template of every endpoint below /api or /portraits.</summary>
    public Dictionary<string, List<string>> Routes { get; } = [];

    public async Task InitializeAsync()
    {
        await Ask<customers::Program>(ContextMap.Customers);
        await Ask<segmentation::Program>(ContextMap.Segmentation);
        await Ask<desk::Program>(ContextMap.ServiceDesk);
        await Ask<loyalty::Program>(ContextMap.Loyalty);
        await Ask<portraits::Program>(ContextMap.Portraits);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    async Task Ask<TProgram>(string context) where TProgram : class
    {
        var room = new Room<TProgram>();
        await room.InitializeAsync();
        try
        {
            Reactions[context] = room.Services.GetRequiredService<Reactions>();
            Routes[context] = [.. from route in room.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                                  let path = "/" + route.RoutePattern.RawText!.TrimStart('/')
                                  where path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/portraits/", StringComparison.Ordinal)
                                  from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
                                  select $"{method} {path}"];
        }
        finally { await room.DisposeAsync(); }
    }
}
