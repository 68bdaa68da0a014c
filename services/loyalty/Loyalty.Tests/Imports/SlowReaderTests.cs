using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CrmPlatform.Loyalty.Tests.Imports;

/// <summary>Imports over a real connection.</summary>
public class SlowReaderTests
{
    sealed record Thing(int N);

    [Fact]
    public async Task a_client_that_reads_nothing_before_it_has_sent_all_is_answered()
    {
        const int Rows = 100_000;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.MapPost(
            "/rows",
            (HttpContext http, CancellationToken ct) =>
                ImportRows.Answer<Thing>(
                    http,
                    (_, _) => throw new NotSupportedException(),
                    (rows, _) =>
                        Task.FromResult(
                            rows.Select(r => new RowResult(r.Number, "recorded", Guid.Empty, Detail: new string('x', 100))).ToArray()
                        ),
                    ct
                )
        );
        await app.StartAsync();
        using var client = new TcpClient { ReceiveBufferSize = 8_192 };
        await client.ConnectAsync(IPAddress.Loopback, new Uri(app.Urls.Single()).Port);
        var stream = client.GetStream();
        var body = string.Concat(Enumerable.Range(0, Rows).Select(n => $"{{\"n\":{n}}}{new string(' ', 200)}\n"));
        await stream
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    "POST /rows HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\n"
                        + $"Content-Length: {body.Length}\r\n\r\n{body}"
                )
            )
            .AsTask()
            .WaitAsync(TimeSpan.FromSeconds(60));
        using var reader = new StreamReader(stream);
        var (lines, line) = (0, "");
        while ((line = await reader.ReadLineAsync()) is not null)
            if (line.Contains("recorded", StringComparison.Ordinal))
                lines++;
        lines.ShouldBe(Rows);
    }
}
