using System.Threading.RateLimiting;

namespace CrmPlatform.Gateway.Tokens;

/// <summary>
/// Who asks for a token: a bucket per client and address, so that nobody takes the endpoint from others behind the same address, and a
/// growing delay after wrong secrets.
/// </summary>
public sealed class TokenRequests(FailedSignIns failedSignIns, RateLimitSettings limits) : IDisposable
{
    readonly PartitionedRateLimiter<string> buckets = PartitionedRateLimiter.Create<string, string>(key =>
        RateLimits.Bucket(key, limits.Token)
    );

    /// <exception cref="TokenRefusedException">The client is unknown or the secret is wrong.</exception>
    /// <exception cref="TooManyGuessesException">It asks too often, or sent too many wrong secrets.</exception>
    public Client Authenticate(HttpContext http, Func<ClientCredentials> credentials)
    {
        var from = http.Connection.RemoteIpAddress;
        ClientCredentials given;
        try
        {
            given = credentials();
        }
        catch (TokenRefusedException)
        {
            Take($"{from}");
            throw;
        }
        Take($"{from} {given.Id}");
        return failedSignIns.Authenticate(given, from);
    }

    void Take(string bucket)
    {
        using var lease = buckets.AttemptAcquire(bucket);
        if (!lease.IsAcquired)
            throw new TooManyGuessesException(RateLimits.Wait(lease));
    }

    public void Dispose() => buckets.Dispose();
}
