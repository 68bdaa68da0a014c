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
public sealed class NeighbourAwayException(string context, Exception? inner = null) : Exception($"{context} does not answer, and without it this cannot be told. Try again.", inner);

/// <summary>
/// Asks another room while a request waits: with the caller's own token, for a few seconds, again where it failed in passing, and not at all for a while
/// where it fails again and again. Where each room is says <c>Services:…</c>, as at the gateway.
/// </summary>
public sealed class Neighbours(HttpClient http, IConfiguration configuration)
{
    static readonly TimeSpan attempt = TimeSpan.FromSeconds(2), altogether = TimeSpan.FromSeconds(6);

    /// <summary>What a room answers to <c>GET path</c>; null when it knows no such thing (404).</summary>
    /// <param name="context">Its name, <c>service-desk</c>.</param>
    /// <exception cref="NeighbourAwayException">It does not answer, or not what was asked.</exception>
    public async Task<T?> Get<T>(string context, string path, HttpContext caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(AddressOf(context), path));
        if (AuthenticationHeaderValue.TryParse(caller.Request.Headers.Authorization.ToString(), out var token)) request.Headers.Authorization = token;
        try
        {
            using var answer = await http.SendAsync(request, caller.RequestAborted);
            if (answer.StatusCode == System.Net.HttpStatusCode.NotFound) return default;
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadFromJsonAsync<T>(EventStoreOptions.Json, caller.RequestAborted);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException or BrokenCircuitException or JsonException)
        {
            throw new NeighbourAwayException(context, e);
        }
    }

    internal static void Add(IServiceCollection services) => services.AddHttpClient<Neighbours>().AddStandardResilienceHandler(o =>
    {
        (o.AttemptTimeout.Timeout, o.TotalRequestTimeout.Timeout) = (attempt, altogether);
        (o.Retry.MaxRetryAttempts, o.Retry.Delay) = (2, TimeSpan.FromMilliseconds(100));
        (o.CircuitBreaker.SamplingDuration, o.CircuitBreaker.MinimumThroughput, o.CircuitBreaker.FailureRatio) = (TimeSpan.FromSeconds(10), 20, 0.5);
        o.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(2);
    }).SelectPipelineByAuthority();

    Uri AddressOf(string context)
    {
        var setting = "Services:" + string.Concat(context.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return new(configuration[setting] ?? throw new InvalidOperationException($"{setting} is needed: the address of {context}"));
    }
}
