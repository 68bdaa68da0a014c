using Microsoft.IdentityModel.Tokens;

namespace CrmPlatform.Gateway.Tokens;

/// <summary>OIDC discovery and the public keys, by which every service checks tokens itself.</summary>
public static class GetDiscovery
{
    public static void Map(WebApplication app)
    {
        var settings = app.Services.GetRequiredService<AuthSettings>();
        if (!settings.IssuesTokens)
            return;
        var keys = app.Services.GetRequiredService<SigningKeys>();

        // Made once: keys and clients come from configuration and change with a restart.
        var discovery = new
        {
            issuer = settings.TokenIssuer,
            // From configuration, never from the Host header: a forged host must not name the keys.
            jwks_uri = $"{settings.Authority}/.well-known/jwks.json",
            token_endpoint = $"{settings.Authority}/connect/token",
            grant_types_supported = new[] { "client_credentials" },
            response_types_supported = Array.Empty<string>(),
            subject_types_supported = new[] { "public" },
            id_token_signing_alg_values_supported = new[] { "ES256" },
            token_endpoint_auth_methods_supported = new[] { "client_secret_basic", "client_secret_post" },
            scopes_supported = settings.Clients.SelectMany(c => c.Permissions).Distinct().Order(StringComparer.Ordinal).ToArray(),
        };
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(discovery)).AllowAnonymous().ExcludeFromDescription();

        var published = new { keys = keys.All.Select(Public).ToArray() };
        app.MapGet("/.well-known/jwks.json", () => Results.Json(published)).AllowAnonymous().ExcludeFromDescription();
    }

    static object Public(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new
        {
            kty = "EC",
            crv = "P-256",
            use = "sig",
            alg = "ES256",
            kid = key.KeyId,
            x = Base64UrlEncoder.Encode(point.X),
            y = Base64UrlEncoder.Encode(point.Y),
        };
    }
}
