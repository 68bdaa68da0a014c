using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CrmPlatform.Gateway.Tokens;

/// <summary>Gives a client a signed token with its permissions (OAuth 2.0 client credentials).</summary>
public static class IssueToken
{
    static readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };

    public static void Map(WebApplication app)
    {
        if (app.Services.GetRequiredService<AuthSettings>().IssuesTokens)
            app.MapPost("/connect/token", Answer).AllowAnonymous().ExcludeFromDescription();
    }

    static async Task<IResult> Answer(
        HttpContext http,
        AuthSettings settings,
        SigningKeys keys,
        TokenRequests requests,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            if (http.Request.QueryString.HasValue)
                throw TokenRefusedException.InvalidRequest("send parameters in the body, never in the address");
            var form = await Form.Read(http, ct);
            if (form.Any(field => field.Value.Count > 1))
                throw TokenRefusedException.InvalidRequest("a parameter may be given only once");
            string? Field(string name) => form.TryGetValue(name, out var value) ? value.ToString() : null;

            var grant = Field("grant_type") ?? throw TokenRefusedException.InvalidRequest("grant_type is missing");
            if (grant != "client_credentials")
                throw new TokenRefusedException(400, "unsupported_grant_type", "only client_credentials");
            var authorization = http.Request.Headers.Authorization is { Count: > 0 } given ? given.ToString() : null;
            var client = requests.Authenticate(http, () => ClientCredentials.Of(authorization, Field("client_id"), Field("client_secret")));
            var permissions = Narrow(client, Field("scope"));
            return Results.Json(
                new
                {
                    access_token = Sign(client.Id, permissions, settings, keys, clock.GetUtcNow()),
                    token_type = "Bearer",
                    expires_in = (int)settings.TokenLifetime.TotalSeconds,
                    scope = string.Join(' ', permissions),
                }
            );
        }
        catch (TokenRefusedException refusal)
        {
            if (refusal.Status == 401)
                http.Response.Headers.WWWAuthenticate = "Basic realm=\"crm\", charset=\"UTF-8\"";
            return Results.Json(new { error = refusal.Error, error_description = refusal.Message }, statusCode: refusal.Status);
        }
        catch (TooManyGuessesException guesses)
        {
            await RateLimits.Refuse(http, guesses.Wait);
            return Results.Empty;
        }
        catch (UnreadableFormException unreadable)
        {
            return Results.Json(new { error = "invalid_request", error_description = unreadable.Message }, statusCode: 400);
        }
    }

    /// <summary>A scope asks for fewer permissions than the client has; never for more.</summary>
    static IReadOnlyList<string> Narrow(Client client, string? scope)
    {
        if (string.IsNullOrWhiteSpace(scope))
            return client.Permissions;
        var wanted = scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return wanted.All(client.Permissions.Contains)
            ? wanted
            : throw new TokenRefusedException(400, "invalid_scope", "the client does not have every permission asked for");
    }

    public static string Sign(
        string subject,
        IReadOnlyList<string> permissions,
        AuthSettings settings,
        SigningKeys keys,
        DateTimeOffset now
    ) =>
        handler.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = settings.TokenIssuer,
                Audience = settings.Audience,
                IssuedAt = now.UtcDateTime,
                NotBefore = now.UtcDateTime,
                Expires = (now + settings.TokenLifetime).UtcDateTime,
                SigningCredentials = keys.Current,
                Claims = new Dictionary<string, object>
                {
                    ["sub"] = subject,
                    ["client_id"] = subject,
                    ["jti"] = Guid.CreateVersion7(now).ToString(),
                    ["permissions"] = permissions.ToArray(),
                },
            }
        );
}
