using CrmPlatform.Crm;

namespace CrmPlatform.PlatformBenchmarks;

/// <summary>
/// Clients of the gateway, each with one connection that it keeps and one request at a time. They share the machine with what they measure,
/// so they do as little as they can: no pool to quarrel about, no cookies, no tracing, and a body is read and forgotten.
/// </summary>
sealed class Connections(Uri gateway, string token) : IDisposable
{
    public const int Count = 32;

    readonly string authorization = $"Bearer {token}";
    readonly byte[][] buffers = [.. Enumerable.Range(0, Count).Select(_ => new byte[65_536])];
    readonly HttpMessageInvoker[] lines =
    [
        .. Enumerable
            .Range(0, Count)
            .Select(_ => new HttpMessageInvoker(
                new SocketsHttpHandler
                {
                    MaxConnectionsPerServer = 1,
                    PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
                    UseProxy = false,
                    UseCookies = false,
                    AllowAutoRedirect = false,
                    ActivityHeadersPropagator = null,
                }
            )),
    ];

    public Uri At(string path) => new(gateway, path);

    /// <returns>Bytes of the answer's body.</returns>
    public async Task<int> Send(int client, Work work, CancellationToken ct)
    {
        using var request = work.Next();
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await lines[client].SendAsync(request, ct);
        if (answer.StatusCode != work.Expected)
            throw new CrmException(
                $"{work.Name}: {request.Method} {request.RequestUri!.PathAndQuery} was answered {(int)answer.StatusCode}: "
                    + await answer.Content.ReadAsStringAsync(ct)
            );
        await using var body = await answer.Content.ReadAsStreamAsync(ct);
        var bytes = 0;
        while (await body.ReadAsync(buffers[client], ct) is > 0 and var read)
            bytes += read;
        return bytes;
    }

    public void Dispose()
    {
        foreach (var line in lines)
            line.Dispose();
    }
}
