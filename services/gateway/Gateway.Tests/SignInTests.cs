using System.Net;
using System.Net.Http.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace CrmPlatform.Gateway.Tests;

[Collection("gateway")]
public sealed class SignInTests(RunningGateway gateway) : IDisposable
{
    readonly HttpClient browser = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = gateway.Anonymous.BaseAddress };

    public void Dispose() => browser.Dispose();

    [Fact]
    public async Task a_person_signs_in_once_and_sees_pages_but_no_api()
    {
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var sent = await browser.GetAsync("/portraits/1?lang=zh");
        sent.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        sent.Headers.Location!.ToString().ShouldBe("/sign-in?to=%2Fportraits%2F1%3Flang%3Dzh");
        (await browser.GetStringAsync(sent.Headers.Location)).ShouldContain("value=\"/portraits/1?lang=zh\"");

        var signedIn = await Post(RunningGateway.Secret, "/portraits/1?lang=zh");
        signedIn.Headers.Location!.ToString().ShouldBe("/portraits/1?lang=zh");
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("path=/portraits");
        cookie.ShouldContain("httponly");
        var page = await browser.GetFromJsonAsync<Seen>("/portraits/1?lang=zh");
        new JsonWebToken(page!.Authorization!["Bearer ".Length..])
            .GetPayloadValue<string[]>("permissions")
            .ShouldBe(["loyalty.read"], "reading only");

        browser.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        (await browser.GetAsync("/api/loyalty/accounts")).StatusCode.ShouldBe(
            HttpStatusCode.Unauthorized,
            "the cookie counts for pages alone"
        );
    }

    [Fact]
    public async Task a_wrong_secret_shows_the_form_again() =>
        (await Post("wrong", "/portraits/1")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

    [Theory]
    [
        InlineData("https://elsewhere.test/portraits/1"),
        InlineData("//elsewhere.test"),
        InlineData("/portraits/../api"),
        InlineData("/portraits/\\elsewhere"),
        InlineData("\"><script>"),
        InlineData("/docs")
    ]
    public async Task nobody_is_sent_elsewhere(string to)
    {
        (await browser.GetStringAsync("/sign-in?to=" + Uri.EscapeDataString(to))).ShouldNotContain("<script");
        var answer = await Post(RunningGateway.Secret, to);
        if (answer.Headers.Location is { } location)
            location.ToString().ShouldStartWith("/portraits/");
    }

    [Fact]
    public async Task another_sites_form_signs_nobody_in()
    {
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        (await Post(RunningGateway.Secret, "/portraits/1")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    Task<HttpResponseMessage> Post(string secret, string to) =>
        browser.PostAsync(
            "/sign-in",
            new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["client_id"] = RunningGateway.ClientId,
                    ["client_secret"] = secret,
                    ["to"] = to,
                }
            )
        );
}
