using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CrmPlatform.Gateway.Tests;

[Collection("gateway")]
public class TokenEndpointTests(RunningGateway gateway)
{
    static readonly (string, string)[] right =
    [
        ("grant_type", "client_credentials"),
        ("client_id", RunningGateway.ClientId),
        ("client_secret", RunningGateway.Secret),
    ];

    [Fact]
    public async Task a_client_gets_a_token_that_discovery_and_published_keys_verify()
    {
        var answer = await Post(gateway.Anonymous, right);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        body.GetProperty("token_type").GetString().ShouldBe("Bearer");
        body.GetProperty("expires_in").GetInt32().ShouldBe(3600);

        var discovery = await gateway.Anonymous.GetFromJsonAsync<JsonElement>("/.well-known/openid-configuration");
        discovery.GetProperty("issuer").GetString().ShouldBe("http://gateway.test:8080");
        discovery.GetProperty("jwks_uri").GetString().ShouldBe("http://gateway.test:8080/.well-known/jwks.json");
        var keys = new JsonWebKeySet(await gateway.Anonymous.GetStringAsync("/.well-known/jwks.json"));
        keys.Keys.Count.ShouldBe(2);
        keys.Keys.ShouldAllBe(k => k.D == null);

        var checkedToken = await new JsonWebTokenHandler().ValidateTokenAsync(
            body.GetProperty("access_token").GetString(),
            new TokenValidationParameters
            {
                ValidIssuer = "http://gateway.test:8080",
                ValidAudience = "crm",
                IssuerSigningKeys = keys.GetSigningKeys(),
                ValidAlgorithms = ["ES256"],
            }
        );
        checkedToken.IsValid.ShouldBeTrue();
        var token = (JsonWebToken)checkedToken.SecurityToken;
        token.Subject.ShouldBe(RunningGateway.ClientId);
        token.GetPayloadValue<string[]>("permissions").ShouldBe(["loyalty.read", "loyalty.points.redeem"]);
        (token.ValidTo - token.IssuedAt).ShouldBe(TimeSpan.FromHours(1));
        token.Kid.ShouldBe(keys.Keys[0].Kid, "the first key signs");
    }

    [Fact]
    public async Task basic_authentication_works_and_decodes_what_a_form_would_encode()
    {
        var request = Form([("grant_type", "client_credentials")]);
        var pair = $"{Uri.EscapeDataString(RunningGateway.ClientId).Replace("%20", "+")}:{Uri.EscapeDataString(RunningGateway.Secret)}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        (await gateway.Anonymous.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_scope_narrows_the_permissions()
    {
        var answer = await Post(gateway.Anonymous, [.. right, ("scope", "loyalty.read")]);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        body.GetProperty("scope").GetString().ShouldBe("loyalty.read");
        new JsonWebToken(body.GetProperty("access_token").GetString()).GetPayloadValue<string[]>("permissions").ShouldBe(["loyalty.read"]);
    }

    public static TheoryData<string, string, int> Refusals =>
        new()
        {
            { "client_id=x&client_secret=y", "invalid_request", 400 },
            { "grant_type=password&client_id=x&client_secret=y", "unsupported_grant_type", 400 },
            { "grant_type=client_credentials", "invalid_client", 401 },
            { "grant_type=client_credentials&client_id=nobody&client_secret=", "invalid_client", 401 },
            { "grant_type=client_credentials&client_id=web+shop%2B1&client_secret=wrong", "invalid_client", 401 },
            { "grant_type=client_credentials&client_id=web+shop%2B1&client_id=b&client_secret=wrong", "invalid_request", 400 },
            {
                "grant_type=client_credentials&client_id=web+shop%2B1&client_secret=a+secret%3A+of+the+shop+%26+more&scope=everything",
                "invalid_scope",
                400
            },
            { "", "invalid_request", 400 },
        };

    [Theory, MemberData(nameof(Refusals))]
    public async Task a_wrong_request_is_refused_in_the_words_of_the_standard(string form, string error, int status)
    {
        var answer = await gateway.Anonymous.PostAsync(
            "/connect/token",
            new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded")
        );
        await Refused(answer, error, status);
        if (status == 401)
            answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Basic");
    }

    [Theory]
    [InlineData("Basic !!!"), InlineData("Basic"), InlineData("Basic bm9jb2xvbg=="), InlineData("Bearer abc")]
    public async Task an_unreadable_authorization_is_an_unknown_client(string authorization)
    {
        var request = Form([("grant_type", "client_credentials")]);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        await Refused(await gateway.Anonymous.SendAsync(request), "invalid_client", 401);
    }

    [Fact]
    public async Task credentials_in_the_address_or_as_json_or_twice_are_refused()
    {
        await Refused(
            await gateway.Anonymous.PostAsync("/connect/token?client_secret=x", new FormUrlEncodedContent([])),
            "invalid_request",
            400
        );
        await Refused(
            await gateway.Anonymous.PostAsJsonAsync("/connect/token", new { grant_type = "client_credentials" }),
            "invalid_request",
            400
        );
        var twice = Form(right);
        twice.Headers.Authorization = new AuthenticationHeaderValue("Basic", "YTpi");
        await Refused(await gateway.Anonymous.SendAsync(twice), "invalid_request", 400);
    }

    [Fact]
    public async Task a_client_that_asks_in_a_loop_is_throttled_at_its_address()
    {
        var strict = gateway.Start(
            ("RateLimits:Token:Burst", "3"),
            ("RateLimits:Token:PerPeriod", "1"),
            ("RateLimits:Token:Period", "00:01:00")
        );
        for (var i = 0; i < 3; i++)
            (await Post(strict, right)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var answer = await Post(strict, right);
        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("urn:crm:too-many-requests");
    }

    static async Task Refused(HttpResponseMessage answer, string error, int status)
    {
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        ((int)answer.StatusCode).ShouldBe(status, body.ToString());
        body.GetProperty("error").GetString().ShouldBe(error);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    static Task<HttpResponseMessage> Post(HttpClient http, (string, string)[] fields) => http.SendAsync(Form(fields));

    static HttpRequestMessage Form((string Name, string Value)[] fields) =>
        new(HttpMethod.Post, "/connect/token")
        {
            Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))),
        };
}
