using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// The middleware that every request passes: limits, JSON, problem details, the API's description, tokens, correlation, idempotency.
/// </summary>
static class HttpDefaults
{
    public static void AddHttp(this WebApplicationBuilder builder, string context)
    {
        var configuration = builder.Configuration;
        builder.WebHost.ConfigureKestrel(kestrel =>
            (kestrel.AddServerHeader, kestrel.Limits.MaxRequestBodySize) = (false, configuration.GetValue("Http:MaxBodyBytes", 1_048_576L))
        );
        builder.Services.AddProblemDetails(o => o.CustomizeProblemDetails = Problems.Customize);
        builder.Services.AddExceptionHandler<Problems>();
        builder.Services.ConfigureHttpJsonOptions(o => RequestJson.Configure(o.SerializerOptions));
        builder.Services.AddValidation();
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.AddOpenApi(o => ApiDescription.Add(o, context));
        Permissions.Add(builder.Services, configuration);
        Requests.Add(builder.Services);
    }

    public static void UseHttp(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        // PostgreSQL cannot store U+0000, and if a statement is refused for it while the driver prepares it, the connection becomes
        // unusable (Npgsql 10.0.3).
        app.Use(
            (http, next) =>
                http.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) != true
                    ? next(http)
                    : throw new BadRequestException(
                        http.Request.Query.FirstOrDefault(q => q.Value.Any(v => v?.Contains('\0') == true)).Key ?? "query",
                        "text without U+0000"
                    )
        );
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<Correlation>();
        app.UseAuthorization();
        app.Use(Idempotency.HashBody);
    }
}
