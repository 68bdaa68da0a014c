using System.Collections.Concurrent;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CrmPlatform.Platform.Tests;

/// <summary>
/// Stands where an operator's collector stands: takes OTLP over HTTP as protobuf and nothing else, and keeps what it was sent.
/// </summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    readonly ConcurrentQueue<(string Signal, byte[] Body)> received = [];
    readonly WebApplication app;

    OtlpReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(Take);
    }

    public sealed record Span(
        string Service,
        string Scope,
        string Name,
        string TraceId,
        string SpanId,
        string ParentId,
        IReadOnlyList<(string TraceId, string SpanId)> Links
    );

    public string Address => app.Urls.Single();

    public IReadOnlyList<byte[]> Bodies => [.. received.Select(r => r.Body)];

    public IEnumerable<Span> Spans =>
        Items("traces")
            .Select(i => new Span(
                i.Service,
                i.Scope,
                Text(i.Item[5]),
                Hex(i.Item[1]),
                Hex(i.Item[2]),
                Hex(i.Item[4]),
                [.. i.Item[13].Select(Parts).Select(link => (Hex(link[1]), Hex(link[2])))]
            ));

    public IEnumerable<(string Service, string Name)> Instruments => Items("metrics").Select(i => (i.Service, Text(i.Item[1])));

    /// <summary>Who logged.</summary>
    public IEnumerable<string> Loggers => Items("logs").Select(i => i.Service);

    public static async Task<OtlpReceiver> Start()
    {
        var receiver = new OtlpReceiver();
        await receiver.app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    async Task Take(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (
            context.Request is
            { Method: "POST", ContentType: "application/x-protobuf", Path.Value: "/v1/traces" or "/v1/metrics" or "/v1/logs" }
        )
            received.Enqueue((context.Request.Path.Value["/v1/".Length..], body.ToArray()));
        else
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
    }

    /// <summary>
    /// The three signals share a shape: resources (1) with scopes (2) with items (2); resource and scope describe themselves in 1.
    /// </summary>
    IEnumerable<(string Service, string Scope, ILookup<int, byte[]> Item)> Items(string signal) =>
        from r in received
        where r.Signal == signal
        from resource in Parts(r.Body)[1].Select(Parts)
        let service = Parts(resource[1].Single())[1]
            .Select(Parts)
            .Where(a => Text(a[1]) == "service.name")
            .Select(a => Text(Parts(a[2].Single())[1]))
            .Single()
        from scope in resource[2].Select(Parts)
        from item in scope[2].Select(Parts)
        select (service, Text(Parts(scope[1].Single())[1]), item);

    /// <summary>The texts, bytes and messages inside of a message, by field number; its numbers are passed over.</summary>
    static ILookup<int, byte[]> Parts(byte[] message)
    {
        var parts = new List<(int Field, byte[] Bytes)>();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag)
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
                parts.Add((WireFormat.GetTagFieldNumber(tag), input.ReadBytes().ToByteArray()));
            else
                input.SkipLastField();
        return parts.ToLookup(p => p.Field, p => p.Bytes);
    }

    static string Text(IEnumerable<byte[]> field) => Encoding.UTF8.GetString(field.SingleOrDefault([]));

    static string Hex(IEnumerable<byte[]> field) => Convert.ToHexStringLower(field.SingleOrDefault([]));
}
