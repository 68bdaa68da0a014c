using System.Net;
using System.Net.Sockets;

namespace CrmPlatform.Gateway.Tests;

/// <summary>Who guesses secrets is slowed down, and nobody else.</summary>
[Collection("gateway")]
public class GuessingTests(RunningGateway gateway)
{
    const string Other = "other-shop",
        OtherSecret = "the secret of the other shop";

    [Fact]
    public async Task guessing_takes_the_endpoint_from_nobody_else_at_the_same_address()
    {
        var http = Start();
        for (var guess = 0; guess < 70; guess++)
            await Ask(http, "client-" + guess, "wrong");
        for (var guess = 0; guess < 10; guess++)
            await Ask(http, Other, "wrong");
        (await Ask(http, Other, OtherSecret)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await Ask(http, RunningGateway.ClientId, RunningGateway.Secret)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task after_some_wrong_secrets_the_client_waits_at_this_address()
    {
        var http = Start(("RateLimits:Guesses:Free", "2"), ("RateLimits:Guesses:FirstDelay", "00:01:00"));
        for (var guess = 0; guess < 3; guess++)
            (await Ask(http, Other, "wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var right = await Ask(http, Other, OtherSecret);
        right.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        right.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(60));
        (await right.Content.ReadAsStringAsync()).ShouldContain("urn:crm:too-many-requests");
        (await From(http, "127.0.0.2", Other, OtherSecret)).StatusCode.ShouldBe(HttpStatusCode.OK, "another address is not guilty");
    }

    [Fact]
    public async Task guesses_from_many_addresses_are_slowed_down_but_not_where_the_client_is_known()
    {
        var http = Start(("RateLimits:Guesses:FreeEverywhere", "3"), ("RateLimits:Guesses:FirstDelay", "00:01:00"));
        (await Ask(http, Other, OtherSecret)).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var guess = 2; guess < 6; guess++)
            (await From(http, $"127.0.0.{guess}", Other, "wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await From(http, "127.0.0.9", Other, OtherSecret)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await Ask(http, Other, OtherSecret)).StatusCode.ShouldBe(HttpStatusCode.OK, "it has signed in from here before");
    }

    [Fact]
    public async Task the_form_for_people_is_guarded_alike()
    {
        var http = Start(("RateLimits:Guesses:Free", "1"), ("RateLimits:Guesses:FirstDelay", "00:01:00"));
        for (var guess = 0; guess < 2; guess++)
            (await SignIn(http, "wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SignIn(http, OtherSecret)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    HttpClient Start(params (string, string)[] settings) =>
        gateway.Start([
            ("Auth:Clients:1:Id", Other),
            ("Auth:Clients:1:Secret", OtherSecret),
            ("Auth:Clients:1:Permissions:0", "loyalty.read"),
            .. settings,
        ]);

    static Task<HttpResponseMessage> SignIn(HttpClient http, string secret) =>
        http.PostAsync("/sign-in", new FormUrlEncodedContent([new("client_id", Other), new("client_secret", secret)]));

    static Task<HttpResponseMessage> Ask(HttpClient http, string client, string secret) =>
        http.PostAsync(
            "/connect/token",
            new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", client), new("client_secret", secret)])
        );

    /// <summary>Asks from another address of this machine.</summary>
    static async Task<HttpResponseMessage> From(HttpClient http, string address, string client, string secret)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, ct) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var elsewhere = new HttpClient(handler) { BaseAddress = http.BaseAddress };
        return await Ask(elsewhere, client, secret);
    }
}
