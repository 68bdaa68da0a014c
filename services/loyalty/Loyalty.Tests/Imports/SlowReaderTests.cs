using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrmPlatform.Loyalty.Tests.Imports;

/// <summary>Imports over a real connection: memory is bounded whatever the client sends, and whether it reads or not.</summary>
[Collection("memory")]
public sealed class SlowReaderTests : IAsyncLifetime
{
    const long MiB = 1024 * 1024;

    static readonly Column<string> name = Column.Text("name", 100, "", "a name", required: true);

    static readonly ImportFormat<Thing> format = new()
    {
        Kind = "things",
        Route = "things",
        Meaning = "",
        Identity = "",
        Columns = [name, Column.LongText("text", 1_000, "", "a text")],
        Read = rows => new(rows[0].Of(name)),
    };

    WebApplication app = null!;
    volatile int written;

    sealed record Thing(string Name);

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddScoped(_ => new Request(TimeProvider.System));
        app = builder.Build();
        app.MapPost(
            "/rows",
            (HttpContext http, CancellationToken ct) =>
                ImportRows.Answer(
                    http,
                    format,
                    Import.Of("i", false, http),
                    (null, false),
                    (rows, _) =>
                    {
                        written += rows.Count;
                        return Task.FromResult(rows.Select(r => r.Refused ?? new(r.Number, "recorded", Guid.Empty)).ToArray());
                    },
                    ct
                )
        );
        await app.StartAsync();
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    async Task<NetworkStream> Begin(string type, long length)
    {
        var client = new TcpClient { ReceiveBufferSize = 8_192 };
        await client.ConnectAsync(IPAddress.Loopback, new Uri(app.Urls.Single()).Port);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /rows HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {type}\r\nContent-Length: {length}\r\n\r\n"
            )
        );
        return stream;
    }

    static async Task<(int Recorded, int Refused)> Read(NetworkStream stream)
    {
        using var reader = new StreamReader(stream);
        var (recorded, refused) = (0, 0);
        while (await reader.ReadLineAsync() is { } line)
        {
            recorded += line.Contains("recorded", StringComparison.Ordinal) ? 1 : 0;
            refused += line.Contains("refused", StringComparison.Ordinal) ? 1 : 0;
        }
        return (recorded, refused);
    }

    [Fact]
    public async Task a_client_that_reads_nothing_before_it_has_sent_all_is_answered()
    {
        const int Rows = 100_000;
        var body = string.Concat(Enumerable.Range(0, Rows).Select(n => $"{{\"name\":\"{n}\"}}{new string(' ', 200)}\n"));
        await using var stream = await Begin("application/x-ndjson", body.Length);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(body)).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        (await Read(stream)).ShouldBe((Rows, 0));
    }

    [Theory]
    [InlineData("application/x-ndjson", "", "0", false)]
    [InlineData("application/x-ndjson", "", "{\"name\":\"aaaa\"}", true)]
    [InlineData("text/csv", "name,text\n", "\"an open quote", true)]
    [InlineData("text/csv", "name,text\na,\"an open quote", "x,y,z", true)]
    [InlineData("text/csv", "name,text\na,\"an open quote", "x", false)]
    public async Task an_upload_of_any_size_and_shape_needs_little_memory(string type, string head, string row, bool lines)
    {
        var blocks = Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1" ? 256 : 64;
        var piece = lines ? row.PadRight(1_023) + "\n" : row;
        var block = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(piece, (int)MiB / piece.Length)));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var stream = await Begin(type, head.Length + ((long)blocks * block.Length));
        var reading = Read(stream);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        var most = 0L;
        for (var i = 0; i < blocks; i++)
        {
            await stream.WriteAsync(block);
            if (i % 8 == 7)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
        var (recorded, refused) = await reading;
        (recorded + refused).ShouldBeGreaterThan(0);
        most.ShouldBeLessThan(48 * MiB);
    }

    [Fact]
    public async Task answers_that_are_not_read_wait_in_bounded_memory()
    {
        const int Rows = 500_000;
        var body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0\n", Rows)));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var stream = await Begin("application/x-ndjson", body.Length);
        var sending = stream.WriteAsync(body).AsTask();
        // Until the upload stands still: so many results wait, and the rest of the rows is not read.
        for (var last = -1; last != written || last == 0; )
        {
            last = written;
            await Task.Delay(1_000);
        }
        written.ShouldBeLessThan(Rows);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(64 * MiB);
        (await Read(stream)).ShouldBe((0, Rows));
        await sending;
    }
}

/// <summary>The memory of the process is measured, so no other test runs beside.</summary>
[CollectionDefinition("memory", DisableParallelization = true)]
public sealed class MemoryCollection;
