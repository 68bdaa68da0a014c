using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CrmPlatform.ServiceDefaults;

/// <summary>As many of these questions as a replica answers at once are being answered: 429.</summary>
public sealed class TooManyAtOnceException(int most)
    : Exception($"This is being answered {most} times at once already, and no more often. Wait as long as Retry-After says.");

/// <summary>
/// Questions that last long, such as a preview over all accounts or an export whose reader is slow: a replica answers a few at once and
/// refuses more, so that they do not take memory and database connections from everybody else.
/// </summary>
public static class HeavyQuestions
{
    /// <param name="route">The endpoint; its handler returns when its answer is written.</param>
    /// <param name="most">How many are answered at once, by each replica.</param>
    public static RouteHandlerBuilder AtOnce(this RouteHandlerBuilder route, int most)
    {
        var slots = new SemaphoreSlim(most);
        return route
            .WithMetadata(new Limit(most))
            .AddEndpointFilter(
                async (context, next) =>
                {
                    if (!slots.Wait(0))
                        throw new TooManyAtOnceException(most);
                    try
                    {
                        return await next(context);
                    }
                    finally
                    {
                        slots.Release();
                    }
                }
            );
    }

    /// <summary>For the API page.</summary>
    internal sealed record Limit(int Most);
}
