using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Every service checks tokens itself: JWT bearer of a configured OIDC authority, permissions as claims, deny by default.
/// </summary>
public static class Permissions
{
    /// <summary>The claim that holds permissions, one value each: <c>loyalty.points.redeem</c>.</summary>
    public const string Claim = "permissions";

    public static TBuilder RequirePermission<TBuilder>(this TBuilder route, string permission)
        where TBuilder : IEndpointConventionBuilder =>
        route
            .RequireAuthorization(policy => policy.RequireAuthenticatedUser().RequireClaim(Claim, permission))
            .WithMetadata(new Required(permission));

    /// <summary>To see personal text: beside the permission to read what it belongs to.</summary>
    public const string PersonalRead = "personal.read";

    /// <summary>Declares what an endpoint shows, or may be asked for, only with a further permission.</summary>
    /// <param name="what">Completes "with the permission it also shows", for the API page.</param>
    public static TBuilder ShowsMoreWith<TBuilder>(this TBuilder route, string permission, string what)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new ShownWith(permission, what));

    /// <summary>The subject of the caller's token; null without a token.</summary>
    public static string? Subject(this ClaimsPrincipal user) => user.FindFirst("sub")?.Value;

    public static bool May(this ClaimsPrincipal user, string permission) => user.HasClaim(Claim, permission);

    /// <summary>The permission that an endpoint requires; a test compares it with the OpenAPI document.</summary>
    public sealed record Required(string Permission);

    /// <summary>A permission with which an endpoint shows more.</summary>
    public sealed record ShownWith(string Permission, string What);

    /// <summary>The distinct permissions that the endpoints of a service require, or with which they show more.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<EndpointDataSource> sources) =>
        [
            .. sources
                .SelectMany(source => source.Endpoints)
                .SelectMany(e =>
                    e.Metadata.GetOrderedMetadata<Required>()
                        .Select(required => required.Permission)
                        .Concat(e.Metadata.GetOrderedMetadata<ShownWith>().Select(more => more.Permission))
                )
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    internal static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(options =>
            {
                // The signing keys are fetched with the first token, so a service starts even if its authority is not reachable.
                options.Authority = configuration["Auth:Authority"];
                options.Audience = configuration["Auth:Audience"] ?? "crm";
                options.RequireHttpsMetadata = configuration.GetValue(
                    "Auth:RequireHttps",
                    options.Authority?.StartsWith("https:", StringComparison.Ordinal) ?? true
                );
                options.MapInboundClaims = false;
                options.TokenValidationParameters.ValidIssuer = configuration["Auth:Issuer"] ?? options.Authority;
                options.TokenValidationParameters.ValidAlgorithms = ["ES256", "RS256", "PS256"];
                options.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
                options.TokenValidationParameters.NameClaimType = "sub";
                options.RefreshInterval = TimeSpan.FromSeconds(30);
            });
        services
            .AddAuthorizationBuilder()
            .SetFallbackPolicy(new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }
}

/// <summary>The request asks for something that needs a further permission: 403 <c>urn:crm:forbidden</c>.</summary>
public sealed class ForbiddenException(string permission) : Exception($"This request requires the permission {permission}.");
