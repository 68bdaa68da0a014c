using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Another room did not answer, and the request cannot be answered without it: 503 <c>urn:crm:context-away</c>.</summary>
public sealed class NeighbourAwayException(string context, Exception? inner = null)
    : Exception($"The service {context} does not answer, and this request needs its data. Try again.", inner);

/// <summary>Another room must be asked, and does not permit it to the caller: 403.</summary>
public sealed class NeighbourForbidsException(string context)
    : Exception($"This request needs data of the service {context}, which your token may not read.");

/// <summary>
/// Calls another room during a request: with the caller's token and correlation id, a timeout, retries after transient failures, and a
/// circuit breaker. The setting <c>Services:…</c> holds the address of each room, as at the gateway.
/// </summary>
public sealed class Neighbours(HttpClient http, IConfiguration configuration)
{
    static readonly TimeSpan attempt = TimeSpan.FromSeconds(5),
        altogether = TimeSpan.FromSeconds(15);

    /// <summary>The answer of a room to <c>GET path</c>; null after a 404.</summary>
    /// <param name="context">The name of the room, like <c>service-desk</c>.</param>
    /// <param name="patience">A shorter timeout, for callers that can do without the answer.</param>
    /// <exception cref="NeighbourAwayException">The room does not answer in time, or with an error or unreadable JSON.</exception>
    /// <exception cref="NeighbourForbidsException">The caller's token lacks the permission.</exception>
    public async Task<T?> Get<T>(string context, string path, HttpContext caller, TimeSpan? patience = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(AddressOf(context), path));
        return await Send<T>(request, context, caller, patience);
    }

    /// <summary>The same for a question with a body: it changes nothing there, since it may be sent again.</summary>
    public async Task<T?> Post<T>(string context, string path, object question, HttpContext caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(AddressOf(context), path))
        {
            Content = JsonContent.Create(question, question.GetType(), options: EventStoreOptions.Json),
        };
        return await Send<T>(request, context, caller, patience: null);
    }

    async Task<T?> Send<T>(HttpRequestMessage request, string context, HttpContext caller, TimeSpan? patience)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(caller.RequestAborted);
        if (patience is { } limit)
            until.CancelAfter(limit);
        if (AuthenticationHeaderValue.TryParse(caller.Request.Headers.Authorization.ToString(), out var token))
            request.Headers.Authorization = token;
        request.Headers.Add(Correlation.Header, Correlation.Of(caller));
        try
        {
            using var answer = await http.SendAsync(request, until.Token);
            if (answer.StatusCode == System.Net.HttpStatusCode.NotFound)
                return default;
            if (answer.StatusCode == System.Net.HttpStatusCode.Forbidden)
                throw new NeighbourForbidsException(context);
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadFromJsonAsync<T>(EventStoreOptions.Json, until.Token);
        }
        catch (Exception e)
            when (e
                    is HttpRequestException
                        or TimeoutRejectedException
                        or BrokenCircuitException
                        or JsonException
                        or OperationCanceledException
                && !caller.RequestAborted.IsCancellationRequested
            )
        {
            throw new NeighbourAwayException(context, e);
        }
    }

    internal static void Add(IServiceCollection services) =>
        services
            .AddHttpClient<Neighbours>()
            .AddStandardResilienceHandler(o =>
            {
                (o.AttemptTimeout.Timeout, o.TotalRequestTimeout.Timeout) = (attempt, altogether);
                // A caller is waiting, so a Retry-After of several seconds is not obeyed; the room counts as unavailable.
                (o.Retry.MaxRetryAttempts, o.Retry.Delay, o.Retry.ShouldRetryAfterHeader) = (2, TimeSpan.FromMilliseconds(100), false);
                (o.CircuitBreaker.SamplingDuration, o.CircuitBreaker.MinimumThroughput, o.CircuitBreaker.FailureRatio) = (
                    TimeSpan.FromSeconds(10),
                    20,
                    0.5
                );
                o.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(2);
            })
            .SelectPipelineByAuthority();

    Uri AddressOf(string context)
    {
        var setting = "Services:" + string.Concat(context.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return configuration.Address(setting, $"http://{context}:8080", required: true, "http", "https")!;
    }
}
