using System.Net;
using System.Net.Sockets;

namespace CrmPlatform.Platform.Tests;

/// <summary>
/// A connection to a server that a test can cut and mend: relays bytes while it is whole, refuses and hangs up while it is cut.
/// </summary>
public sealed class Cable : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource end = new();
    readonly (string Host, int Port) server;
    readonly Task accepting;
    CancellationTokenSource whole = new();
    volatile bool cut;

    public Cable(string host, int port)
    {
        server = (host, port);
        listener.Start();
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Cut()
    {
        cut = true;
        whole.Cancel();
    }

    public void Mend() => (whole, cut) = (new(), false);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        whole.Cancel();
        listener.Stop();
        await accepting;
    }

    async Task Accept()
    {
        while (!end.IsCancellationRequested)
            try
            {
                var client = await listener.AcceptTcpClientAsync(end.Token);
                if (cut)
                    client.Dispose();
                else
                    _ = Relay(client, whole.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
    }

    async Task Relay(TcpClient client, CancellationToken ct)
    {
        using var there = new TcpClient();
        using (client)
            try
            {
                await there.ConnectAsync(server.Host, server.Port, ct);
                await Task.WhenAny(
                    client.GetStream().CopyToAsync(there.GetStream(), ct),
                    there.GetStream().CopyToAsync(client.GetStream(), ct)
                );
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                return;
            } // one side has hung up: both do
    }
}
