using System.Net;
using System.Net.Http.Json;
using static CrmPlatform.Gateway.Tests.RunningGateway;

namespace CrmPlatform.Gateway.Tests;

[Collection("gateway")]
public class LimitTests(RunningGateway gateway)
{
    const int OneMegabyte = 1 << 20;

    [Fact]
    public async Task a_request_of_a_megabyte_passes_and_one_byte_more_does_not()
    {
        var (status, seen) = await Send("/api/loyalty/x", new ByteArrayContent(new byte[OneMegabyte]));
        (status, seen!.Bytes).ShouldBe((HttpStatusCode.OK, OneMegabyte));
        (await Send("/api/loyalty/x", new ByteArrayContent(new byte[OneMegabyte + 1]))).Status.ShouldBe(
            HttpStatusCode.RequestEntityTooLarge
        );
    }

    [Fact]
    public async Task a_body_of_unannounced_length_is_cut_off_at_the_same_limit()
    {
        // One byte more is refused when all was sent: nobody writes into a connection that is closed.
        var (status, _) = await Send("/api/loyalty/x", new StreamContent(new MemoryStream(new byte[OneMegabyte + 1])), chunked: true);
        status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task a_token_request_is_small()
    {
        var form = new FormUrlEncodedContent([new("grant_type", new string('x', 2 * OneMegabyte))]);
        using var request = Request(HttpMethod.Post, "/connect/token", body: form);
        request.Headers.ExpectContinue = true;
        var answer = await gateway.Anonymous.SendAsync(request);
        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task an_import_is_streamed_and_may_be_large()
    {
        var body = new TwoParts(new byte[64 * 1024], gateway.Rooms["Customers"].FirstBytes, new byte[20 * OneMegabyte]);
        var (status, seen) = await Send("/api/customers/imports/purchases?id=1", body, chunked: true);
        (status, seen!.Bytes).ShouldBe((HttpStatusCode.OK, 64 * 1024 + 20 * OneMegabyte));
    }

    [Fact]
    public async Task a_room_may_answer_an_import_while_it_is_still_being_sent()
    {
        var request = Request(HttpMethod.Post, "/api/customers/imports/echo", Token(), new ByteArrayContent(new byte[30 * OneMegabyte]));
        (await (await gateway.Anonymous.SendAsync(request)).Content.ReadAsByteArrayAsync()).Length.ShouldBe(30 * OneMegabyte);
    }

    [Fact]
    public async Task each_client_has_a_bucket_of_its_own()
    {
        var strict = gateway.Start(
            ("RateLimits:Client:Burst", "2"),
            ("RateLimits:Client:PerPeriod", "1"),
            ("RateLimits:Client:Period", "00:01:00")
        );
        async Task<HttpResponseMessage> By(string client) =>
            await strict.SendAsync(Request(HttpMethod.Get, "/api/loyalty/x", Token(client)));

        (await By("one")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await By("one")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var refused = await By("one");
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await By("two")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    async Task<(HttpStatusCode Status, Seen? Seen)> Send(string path, HttpContent body, bool chunked = false)
    {
        var request = Request(HttpMethod.Post, path, Token(), body);
        request.Headers.TransferEncodingChunked = chunked;
        // Who is refused by the announced length alone does not go on sending into a connection that is closed.
        request.Headers.ExpectContinue = !chunked;
        var answer = await gateway.Anonymous.SendAsync(request);
        return (answer.StatusCode, answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<Seen>() : null);
    }

    /// <summary>
    /// Sends the second part only when the room has seen the first: a gateway that collects the body would wait for ever.
    /// </summary>
    sealed class TwoParts(byte[] first, Task then, byte[] second) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(first);
            await stream.FlushAsync();
            await then.WaitAsync(TimeSpan.FromSeconds(10));
            await stream.WriteAsync(second);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
