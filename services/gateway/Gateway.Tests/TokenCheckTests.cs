using System.Net;
using System.Security.Cryptography;
using System.Text;
using CrmPlatform.Gateway.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static CrmPlatform.Gateway.Tests.RunningGateway;

namespace CrmPlatform.Gateway.Tests;

[Collection("gateway")]
public class TokenCheckTests(RunningGateway gateway)
{
    static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static TheoryData<string, string?> Untrusted =>
        new()
        {
            { "none at all", null },
            { "garbage", "garbage" },
            { "three parts of garbage", "a.b.c" },
            { "expired", Token(at: Now.AddHours(-2)) },
            { "not valid yet", Token(at: Now.AddHours(1)) },
            { "another issuer", Token(settings: Settings with { Issuer = "https://elsewhere.test" }) },
            { "another audience", Token(settings: Settings with { Audience = "billing" }) },
            { "a rotated-out key", Token(settings: Settings with { SigningKeys = [NewKey()] }) },
            { "unsigned", Unsigned() },
            { "signed with the public key as a shared secret", SharedSecret() },
            { "cut", Token()[..^4] },
        };

    [Theory, MemberData(nameof(Untrusted))]
    public async Task an_untrusted_token_is_refused_at_the_door(string why, string? token)
    {
        foreach (
            var path in new[] { "/api/loyalty/accounts", "/api/customers/x", "/api/segmentation/x", "/api/service-desk/x", "/portraits/x" }
        )
        {
            var answer = await gateway.Anonymous.SendAsync(Request(HttpMethod.Get, path, token));
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, why);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            (await answer.Content.ReadAsStringAsync()).ShouldContain("urn:crm:unauthenticated");
        }
    }

    [Fact]
    public async Task a_token_of_either_key_is_good_while_keys_rotate()
    {
        foreach (var keys in new[] { Settings, Settings with { SigningKeys = [OlderKey] } })
            (await gateway.Anonymous.SendAsync(Request(HttpMethod.Get, "/api/loyalty/x", Token(settings: keys)))).StatusCode.ShouldBe(
                HttpStatusCode.OK
            );
    }

    [Fact]
    public async Task a_token_in_the_address_counts_for_nothing() =>
        (await gateway.Anonymous.GetAsync($"/api/loyalty/x?access_token={Token()}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task another_authority_can_issue_the_tokens_instead()
    {
        var ours = gateway.Anonymous;
        await using var authority = await ForeignRoom.Open("authority", await ours.GetStringAsync("/.well-known/jwks.json"));
        var address = authority.Address.ToString().TrimEnd('/');
        var trusting = gateway.Start(("Auth:Authority", address), ("Auth:SigningKeys:0", ""), ("Auth:SigningKeys:1", ""));

        (await trusting.PostAsync("/connect/token", new FormUrlEncodedContent([]))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await trusting.GetAsync("/.well-known/jwks.json")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        async Task<HttpStatusCode> With(string token) =>
            (await trusting.SendAsync(Request(HttpMethod.Get, "/api/loyalty/x", token))).StatusCode;
        (await With(Token(settings: Settings with { Authority = address }))).ShouldBe(HttpStatusCode.OK);
        (await With(Token())).ShouldBe(HttpStatusCode.Unauthorized);
        (await With(Token(settings: Settings with { Authority = address, SigningKeys = [NewKey()] }))).ShouldBe(
            HttpStatusCode.Unauthorized
        );
    }

    static string Unsigned() =>
        new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Settings.TokenIssuer,
                Audience = "crm",
                Expires = Now.AddHours(1).UtcDateTime,
                Claims = new Dictionary<string, object> { ["sub"] = "shop" },
            }
        );

    static string SharedSecret()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(CurrentKey);
        return new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Settings.TokenIssuer,
                Audience = "crm",
                Expires = Now.AddHours(1).UtcDateTime,
                Claims = new Dictionary<string, object> { ["sub"] = "shop" },
                SigningCredentials = new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key.ExportSubjectPublicKeyInfoPem())), "HS256"),
            }
        );
    }
}
