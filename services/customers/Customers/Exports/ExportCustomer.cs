using System.Net.Http.Headers;
using System.Text.Json;
using CrmPlatform.Contracts;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Timelines;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace CrmPlatform.Customers.Exports;

/// <summary>Everything that the platform holds about one person, of all contexts, machine-readable (PIPL article 45).</summary>
public sealed class ExportCustomer(HttpClient http, IConfiguration configuration)
{
    static readonly ResiliencePipeline<HttpResponseMessage> patience = new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = 3,
            Delay = TimeSpan.FromMilliseconds(200),
            BackoffType = DelayBackoffType.Exponential,
            ShouldHandle = new PredicateBuilder<HttpResponseMessage>().Handle<HttpRequestException>().Handle<TimeoutRejectedException>().HandleResult(r => (int)r.StatusCode >= 500),
        })
        .AddTimeout(TimeSpan.FromSeconds(5))
        .Build();

    static readonly (string Context, string Setting)[] others = [(ContextMap.Segmentation, "Services:Segmentation"), (ContextMap.ServiceDesk, "Services:ServiceDesk"), (ContextMap.Loyalty, "Services:Loyalty")];

    public sealed record Export(Guid CustomerId, DateTimeOffset At, CustomerProfile Profile, IReadOnlyList<Noted> Timeline, IReadOnlyDictionary<string, JsonElement> Contexts);

    /// <summary>What one other context holds, asked with the caller's own token.</summary>
    async Task<JsonElement> From(string context, string setting, Guid id, string token, CancellationToken ct)
    {
        var address = configuration[setting] ?? throw new InvalidOperationException($"{setting} is needed for exports");
        using var answer = await patience.ExecuteAsync(async t =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{address.TrimEnd('/')}/api/{context}/customers/{id}/personal");
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(token);
            return await http.SendAsync(request, t);
        }, ct);
        if (answer.StatusCode == System.Net.HttpStatusCode.NotFound) return JsonSerializer.SerializeToElement<object?>(null);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
    }

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/api/customers/{id:guid}/export", async (Guid id, HttpContext context, ExportCustomer export, EventStore store, TimeProvider clock, CancellationToken ct) =>
    {
        if (CustomerProfile.Fold(await store.FetchStream(id, ct: ct)) is not { } profile) return Answer.NotFound("customer", id);
        var timeline = (await store.FetchStream(Timeline.IdOf(id), ct: ct)).Select(e => e.Data).OfType<Noted>().ToList();
        try
        {
            var parts = await Task.WhenAll(others.Select(async o => (o.Context, Data: await export.From(o.Context, o.Setting, id, context.Request.Headers.Authorization.ToString(), ct))));
            return Results.Ok(new Export(id, clock.GetUtcNow(), profile, timeline, parts.ToDictionary(p => p.Context, p => p.Data)));
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException)
        {
            // Half an export would pass for a whole one.
            context.Response.Headers.RetryAfter = "5";
            return Answer.Problem(503, "context-away", "Not every context answered, so the export would not be complete. Try again.");
        }
    }).RequirePermission("personal.export").Produces<Export>().WithName("ExportCustomer").WithSummary("Export everything held about one person");
}
