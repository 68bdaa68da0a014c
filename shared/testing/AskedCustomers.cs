using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrmPlatform.Testing;

/// <summary>Answers on loopback what other rooms ask of customers. It knows every id that a test does not name as unknown.</summary>
public sealed class AskedCustomers : IAsyncDisposable
{
    readonly WebApplication app = Silent().Build();
    int lookups;

    public ConcurrentDictionary<Guid, bool> Unknown { get; } = [];

    /// <summary>Whose external ids these are.</summary>
    public ConcurrentDictionary<(string System, string Value), Guid> Numbers { get; } = [];

    /// <summary>How often it was asked for this id alone.</summary>
    public ConcurrentDictionary<Guid, int> Asked { get; } = [];

    /// <summary>How often it was asked for many at once.</summary>
    public int Lookups => lookups;

    /// <summary>The status that it answers instead.</summary>
    public int? Answers { get; set; }

    /// <summary>How many questions about many at once it still answers before it is away.</summary>
    public int? LookupsLeft { get; set; }

    /// <summary>Where a room finds it.</summary>
    public KeyValuePair<string, string> Setting =>
        new("Services:Customers", app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public async Task Start()
    {
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet(
            "/api/customers/{id:guid}",
            (Guid id) =>
            {
                Asked.AddOrUpdate(id, 1, (_, times) => times + 1);
                return Answers is { } status ? Results.StatusCode(status)
                    : Unknown.ContainsKey(id) ? Results.NotFound()
                    : Results.Json(new { id });
            }
        );
        app.MapPost("/api/customers/lookups", async (HttpRequest request) => Found(await JsonDocument.ParseAsync(request.Body)));
        await app.StartAsync();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    static WebApplicationBuilder Silent()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        return builder;
    }

    IResult Found(JsonDocument question)
    {
        if (Answers is { } status)
            return Results.StatusCode(status);
        if (LookupsLeft is { } left && lookups >= left)
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        Interlocked.Increment(ref lookups);
        var ids = Asking("ids").Select(id => id.GetGuid()).Where(id => !Unknown.ContainsKey(id));
        var numbers = Asking("externalIds")
            .Select(x => (System: x.GetProperty("system").GetString()!, Value: x.GetProperty("value").GetString()!))
            .Where(Numbers.ContainsKey);
        return Results.Json(
            new
            {
                items = ids.Select(id => new { id, externalIds = Array.Empty<object>() })
                    .Concat(
                        numbers.Select(n => new
                        {
                            id = Numbers[n],
                            externalIds = new object[] { new { system = n.System, value = n.Value } },
                        })
                    ),
            }
        );

        IEnumerable<JsonElement> Asking(string list) =>
            question.RootElement.TryGetProperty(list, out var asked) ? asked.EnumerateArray() : [];
    }
}
