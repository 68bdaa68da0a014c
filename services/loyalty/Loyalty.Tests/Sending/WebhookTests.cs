using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Loyalty.Tests.Sending;

/// <summary>Messages that are posted, signed as Standard Webhooks say.</summary>
public class WebhookTests
{
    const string Secret = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void the_signature_is_that_of_the_standard() =>
        WebhookSignature
            .Of(Encoding.UTF8.GetBytes(Secret), "msg_1", 1772845200, "{\"type\":\"ping\"}"u8)
            .ShouldBe("v1,vUNHzCYbyEoX3p6LZoZ+ZGMFFavaIWLzT+MUtAB0fWE=");

    [Theory]
    [InlineData(204, MessageState.Accepted, "")]
    [InlineData(503, MessageState.Deferred, "http-503")]
    [InlineData(429, MessageState.Deferred, "http-429")]
    [InlineData(410, MessageState.Refused, "http-410")]
    [InlineData(302, MessageState.Refused, "http-302")]
    [InlineData(0, MessageState.InDoubt, "")]
    public async Task the_answer_says_what_came_of_it(int status, MessageState state, string why)
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        var (body, headers) = ("", (IHeaderDictionary)new HeaderDictionary());
        app.MapPost(
            "/in",
            async (HttpContext http) =>
            {
                (body, headers) = (
                    await new StreamReader(http.Request.Body).ReadToEndAsync(),
                    new HeaderDictionary(http.Request.Headers.ToDictionary())
                );
                if (status == 0)
                    http.Abort();
                http.Response.StatusCode = status == 0 ? 500 : status;
            }
        );
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/in";
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var way = new WebhookWay(new ChannelOptions { Address = address, Secret = Secret }, client, TimeProvider.System);
        (await way.Send(Outgoing.Of("+8613800000000", "sms"))).ShouldBe(new SendOutcome(state, why));
        var (id, timestamp) = (
            headers["webhook-id"].ToString(),
            long.Parse(headers["webhook-timestamp"].ToString(), CultureInfo.InvariantCulture)
        );
        id.ShouldBe(Outgoing.Id.ToString());
        headers["webhook-signature"]
            .ToString()
            .ShouldBe(WebhookSignature.Of(Encoding.UTF8.GetBytes(Secret), id, timestamp, Encoding.UTF8.GetBytes(body)));
    }

    [Fact]
    public async Task an_address_where_nobody_listens_defers_the_message()
    {
        using var client = new HttpClient();
        var way = new WebhookWay(new ChannelOptions { Address = "http://127.0.0.1:9/in", Secret = Secret }, client, TimeProvider.System);
        (await way.Send(Outgoing.Of("+8613800000000", "sms"))).ShouldBe(SendOutcome.Deferred("unreachable"));
    }
}

/// <summary>A message on its way out.</summary>
static class Outgoing
{
    public static readonly Guid Id = Given.Id(7);

    public static OutgoingMessage Of(string address, string channel = "email") =>
        new()
        {
            Id = Id,
            Attempt = 1,
            Channel = channel,
            Purpose = "marketing",
            Template = "a1",
            Language = "zh",
            Address = address,
            Name = "李测试",
            Subject = "李测试，生日快乐！",
            Text = "祝您生日快乐，万事如意。\n",
        };
}
