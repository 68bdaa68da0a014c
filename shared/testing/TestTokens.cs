using System.Security.Claims;
using System.Security.Cryptography;
using CrmPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace CrmPlatform.Testing;

/// <summary>Tokens of an issuer that only tests know.</summary>
static class TestTokens
{
    const string Issuer = "https://issuer.test";
    static readonly ECDsaSecurityKey key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" };

    public static string Issue(string subject, params string[] permissions) =>
        new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Issuer,
                Audience = "crm",
                SigningCredentials = new(key, SecurityAlgorithms.EcdsaSha256),
                Subject = new ClaimsIdentity([new("sub", subject), .. permissions.Select(p => new Claim(Permissions.Claim, p))]),
            }
        );

    /// <summary>Makes the service accept them without contacting an authority.</summary>
    public static void Accept(IServiceCollection services) =>
        services.PostConfigure<JwtBearerOptions>(
            JwtBearerDefaults.AuthenticationScheme,
            o =>
            {
                o.Configuration = new OpenIdConnectConfiguration { Issuer = Issuer };
                o.Configuration.SigningKeys.Add(key);
                (o.TokenValidationParameters.ValidIssuer, o.TokenValidationParameters.IssuerSigningKey) = (Issuer, key);
            }
        );
}
