using System.Net.Sockets;
using System.Text;
using static CrmPlatform.Gateway.Tests.RunningGateway;

namespace CrmPlatform.Gateway.Tests;

/// <summary>Requests that no room could answer are refused here, and never as if a room were away.</summary>
[Collection("gateway")]
public class OddRequestTests(RunningGateway gateway)
{
    [Theory]
    [InlineData("X-Any: grüße"), InlineData("Idempotency-Key: kéy"), InlineData("Accept-Language: 中文"), InlineData("Content-Type: é")]
    public async Task a_header_that_is_not_ascii_is_a_400_that_names_it(string header)
    {
        var answer = await Raw($"POST /api/loyalty/x HTTP/1.1", header);
        answer.ShouldStartWith("HTTP/1.1 400");
        answer.ShouldContain("application/problem+json");
        answer.ShouldContain("urn:crm:invalid-request");
        answer.ShouldContain($"\"field\":\"{header.Split(':')[0]}\"");
        answer.ShouldNotContain("Retry-After");
    }

    [Fact]
    public async Task connect_is_a_405()
    {
        var answer = await Raw("CONNECT /api/loyalty/x HTTP/1.1");
        answer.ShouldStartWith("HTTP/1.1 405");
        answer.ShouldContain("urn:crm:method-not-allowed");
    }

    /// <summary>The answer as it came: HttpClient sends none of these requests.</summary>
    async Task<string> Raw(string first, string? header = null)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var address = gateway.Anonymous.BaseAddress!;
        await socket.ConnectAsync(address.Host, address.Port);
        string?[] lines = [first, $"Host: {address.Authority}", $"Authorization: Bearer {Token()}", "Connection: close", header, "", ""];
        await socket.SendAsync(Encoding.UTF8.GetBytes(string.Join("\r\n", lines.OfType<string>())));
        using var reader = new StreamReader(new NetworkStream(socket), Encoding.UTF8);
        return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }
}
