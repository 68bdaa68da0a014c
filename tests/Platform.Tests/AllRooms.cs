using System.Reflection;
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

    /// <summary>What its endpoints ask for.</summary>
    public Dictionary<string, IReadOnlyList<string>> Permissions { get; } = [];

    public async Task InitializeAsync()
    {
        var ask = GetType().GetMethod(nameof(Ask), BindingFlags.Instance | BindingFlags.NonPublic)!;
        foreach (var room in Rooms.Room.All)
            await (Task)
                ask.MakeGenericMethod(Assembly.Load(room.Assembly).GetType("Program", throwOnError: true)!).Invoke(this, [room.Name])!;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    async Task Ask<TProgram>(string context)
        where TProgram : class
    {
        var room = new Room<TProgram>();
        await room.InitializeAsync();
        try
        {
            Reactions[context] = room.Services.GetRequiredService<Reactions>();
            Permissions[context] = ServiceDefaults.Permissions.Of([room.Services.GetRequiredService<EndpointDataSource>()]);
            Routes[context] =
            [
                .. from route in room.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                let path = "/" + route.RoutePattern.RawText!.TrimStart('/')
                where path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/portraits/", StringComparison.Ordinal)
                from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
                select $"{method} {path}",
            ];
        }
        finally
        {
            await room.DisposeAsync();
        }
    }
}
