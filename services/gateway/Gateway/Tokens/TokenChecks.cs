using CrmPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace CrmPlatform.Gateway.Tokens;

/// <summary>Checks every token at the door: issuer, audience, lifetime, ES256, a key of today. The services check them again.</summary>
public static class TokenChecks
{
    public static void AddTokenChecks(this WebApplicationBuilder builder, AuthSettings settings)
    {
        builder.Services.AddSingleton(settings);
        if (settings.IssuesTokens)
            builder.Services.AddSingleton<SigningKeys>();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.RemoveUnusedKeys();
        builder
            .Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IServiceProvider>(
                (options, services) =>
                {
                    options.MapInboundClaims = false;
                    options.TokenValidationParameters = new TokenValidationParameters
                    {
                        ValidIssuer = settings.TokenIssuer,
                        ValidAudience = settings.Audience,
                        NameClaimType = "sub",
                        ClockSkew = TimeSpan.FromSeconds(30),
                        RequireExpirationTime = true,
                        RequireSignedTokens = true,
                    };
                    if (settings.IssuesTokens)
                    {
                        // Its own keys are at hand: no call to itself at start-up, and a rotated-out key is refused at once.
                        options.TokenValidationParameters.IssuerSigningKeys = services.GetRequiredService<SigningKeys>().All;
                        options.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256];
                    }
                    else
                    {
                        options.Authority = settings.Authority;
                        options.RequireHttpsMetadata = settings.Authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
                        // Any signature that the authority's published keys can make; never a symmetric one, never none.
                        options.TokenValidationParameters.ValidAlgorithms =
                        [
                            "ES256",
                            "ES384",
                            "ES512",
                            "RS256",
                            "RS384",
                            "RS512",
                            "PS256",
                            "PS384",
                            "PS512",
                        ];
                    }
                    options.Events = new JwtBearerEvents
                    {
                        OnChallenge = challenge =>
                        {
                            challenge.HandleResponse();
                            if (settings.IssuesTokens && SignIn.IsFor(challenge.HttpContext))
                            {
                                challenge.Response.Redirect(SignIn.Address(challenge.HttpContext));
                                return Task.CompletedTask;
                            }
                            challenge.Response.Headers.WWWAuthenticate = challenge.AuthenticateFailure is null
                                ? "Bearer"
                                : "Bearer error=\"invalid_token\"";
                            return Problem.Write(
                                challenge.HttpContext,
                                401,
                                "unauthenticated",
                                "A valid token is needed",
                                "Ask POST /connect/token for one and send it as Authorization: Bearer …"
                            );
                        },
                        OnForbidden = forbidden => Problem.Write(forbidden.HttpContext, 403, "forbidden", "The token does not permit this"),
                    };
                }
            );
    }
}
