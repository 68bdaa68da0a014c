using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
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
        var largest = configuration.Whole("Http:MaxBodyBytes", 1_048_576, 1);
        builder.WebHost.ConfigureKestrel(kestrel => (kestrel.AddServerHeader, kestrel.Limits.MaxRequestBodySize) = (false, largest));
        builder.Services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        builder.Services.AddProblemDetails();
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
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<Correlation>();
        app.UseAuthorization();
        app.Use(RequestChecks.Check);
        app.Use(Idempotency.HashBody);
        app.Use(EmptyBodies.Check);
    }
}
