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

/// <summary>Another room did not answer, and without it there is no answer: 503 <c>urn:crm:context-away</c>.</summary>
public sealed class NeighbourAwayException(string context, Exception? inner = null)
    : Exception($"{context} does not answer, and without it this cannot be told. Try again.", inner);

/// <summary>
/// Asks another room while a request waits: with the caller's own token, for a few seconds, again where it failed in passing, and not at
/// all for a while where it fails again and again. Where each room is says <c>Services:…</c>, as at the gateway.
/// </summary>
public sealed class Neighbours(HttpClient http, IConfiguration configuration)
{
    static readonly TimeSpan attempt = TimeSpan.FromSeconds(5),
        altogether = TimeSpan.FromSeconds(15);

    /// <summary>What a room answers to <c>GET path</c>; null when it knows no such thing (404).</summary>
    /// <param name="context">Its name, <c>service-desk</c>.</param>
    /// <param name="patience">Where somebody can do without: for so long it is waited for, at most.</param>
    /// <exception cref="NeighbourAwayException">It does not answer, or not what was asked.</exception>
    public async Task<T?> Get<T>(string context, string path, HttpContext caller, TimeSpan? patience = null)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(caller.RequestAborted);
        if (patience is { } limit)
            until.CancelAfter(limit);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(AddressOf(context), path));
        if (AuthenticationHeaderValue.TryParse(caller.Request.Headers.Authorization.ToString(), out var token))
            request.Headers.Authorization = token;
        try
        {
            using var answer = await http.SendAsync(request, until.Token);
            if (answer.StatusCode == System.Net.HttpStatusCode.NotFound)
                return default;
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
                // Somebody waits for the answer: a room that asks for seconds of patience is away.
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
        return new(configuration[setting] ?? throw new InvalidOperationException($"{setting} is needed: the address of {context}"));
    }
}
