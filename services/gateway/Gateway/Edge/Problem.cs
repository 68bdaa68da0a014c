using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace CrmPlatform.Gateway.Edge;

/// <summary>What the gateway itself has to say against a request: RFC 9457, with a stable type and the correlation id.</summary>
public static class Problem
{
    public static Task Write(
        HttpContext http,
        int status,
        string code,
        string title,
        string? detail = null,
        TimeSpan? retryAfter = null,
        string? field = null
    )
    {
        var problem = new ProblemDetails
        {
            Type = $"urn:crm:{code}",
            Title = title,
            Status = status,
            Detail = detail,
            Instance = http.Request.Path,
        };
        problem.Extensions["correlationId"] = Correlation.Of(http);
        if (field is not null)
            problem.Extensions["field"] = field;
        http.Response.StatusCode = status;
        if (retryAfter is { } wait)
            http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return http.Response.WriteAsJsonAsync(
            problem,
            JsonSerializerOptions.Web,
            MediaTypeNames.Application.ProblemJson,
            http.RequestAborted
        );
    }

    public static Task NotAllowed(HttpContext http) => Write(http, 405, "method-not-allowed", "This address does not know that method");

    /// <summary>Gives a body to bare refusals (404, 405, 413 …) and a bare 500 to what nobody foresaw: never a stack trace.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(failed =>
            failed.Run(http =>
                http.Features.Get<IExceptionHandlerFeature>()?.Error switch
                {
                    BadHttpRequestException { StatusCode: 413 } => SizeLimits.TooLarge(http),
                    BadHttpRequestException bad => Write(http, bad.StatusCode, "invalid-request", "The request could not be read"),
                    _ => Write(http, 500, "unexpected", "Something went wrong", "Tell the operators the correlation id."),
                }
            )
        );
        app.UseStatusCodePages(context =>
        {
            var status = context.HttpContext.Response.StatusCode;
            return status switch
            {
                404 => Write(context.HttpContext, 404, "not-found", "There is nothing at this address"),
                405 => NotAllowed(context.HttpContext),
                413 => Write(context.HttpContext, 413, "too-large", "The request is too large"),
                _ => Write(context.HttpContext, status, "refused", "The request was refused"),
            };
        });
    }
}
