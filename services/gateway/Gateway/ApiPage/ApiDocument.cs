using System.Text.Json;
using System.Text.Json.Nodes;
using CrmPlatform.Rooms;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace CrmPlatform.Gateway.ApiPage;

/// <summary>One description of the whole platform: the rooms' own OpenAPI documents, fetched, merged, and kept for half a minute.</summary>
public sealed class ApiDocument(IConfiguration configuration, TimeProvider clock, ILogger<ApiDocument> log) : IDisposable
{
    static readonly TimeSpan keptFor = TimeSpan.FromSeconds(30);
    static readonly TimeSpan incompleteKeptFor = TimeSpan.FromSeconds(3);

    readonly HttpClient http = new() { MaxResponseContentBufferSize = 8 << 20 };
    readonly SemaphoreSlim one = new(1);
    readonly ResiliencePipeline calls = new ResiliencePipelineBuilder()
        .AddTimeout(TimeSpan.FromSeconds(4))
        .AddRetry(
            new RetryStrategyOptions
            {
                MaxRetryAttempts = 1,
                Delay = TimeSpan.FromMilliseconds(100),
                ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>(),
            }
        )
        .AddTimeout(TimeSpan.FromSeconds(2))
        .Build();
    (string Json, DateTimeOffset Until) kept = ("", DateTimeOffset.MinValue);

    public async Task<string> Get(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            if (kept.Until > clock.GetUtcNow())
                return kept.Json;
            var found = await Task.WhenAll(Room.All.Select(async room => (Room: room.Project, Document: await Fetch(room.Project, ct))));
            var merged = MergedDocument.Of([.. found]);
            kept = (merged.ToJsonString(), clock.GetUtcNow() + (found.All(f => f.Document is not null) ? keptFor : incompleteKeptFor));
            return kept.Json;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Null when the room is away: the page says so instead of failing.</summary>
    async Task<JsonObject?> Fetch(string room, CancellationToken ct)
    {
        var address = new Uri(Backends.Address(configuration, room), "/openapi/v1.json");
        try
        {
            return await calls.ExecuteAsync(async cancel => JsonNode.Parse(await http.GetStringAsync(address, cancel)) as JsonObject, ct);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TimeoutRejectedException)
        {
            log.DescriptionMissing(e, room);
            return null;
        }
    }

    public void Dispose()
    {
        http.Dispose();
        one.Dispose();
    }
}
