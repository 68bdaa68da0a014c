using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Translates exceptions into problem details (RFC 9457) with stable types. Never a stack trace, never a 500 for bad input.
/// </summary>
public sealed class Problems(
    IProblemDetailsService writer,
    IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json,
    ILogger<Problems> log
) : IExceptionHandler
{
    static readonly string[] methods =
    [
        HttpMethods.Get,
        HttpMethods.Post,
        HttpMethods.Put,
        HttpMethods.Delete,
        HttpMethods.Patch,
        HttpMethods.Head,
        HttpMethods.Options,
    ];

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            BadRequestException e => Of(400, "invalid-request", e.Message, e.Field),
            NotFoundException e => Of(404, "not-found", e.Message),
            DuplicateException e => Of(409, e.Code, e.Message, e.Field),
            RuleViolationException e => Of(422, e.Code, e.Message, e.Field),
            StaleVersionException e => Of(
                412,
                "stale-version",
                string.Create(CultureInfo.InvariantCulture, $"The current version is {e.Actual}, not {e.Expected}. Read again and retry."),
                "If-Match"
            ),
            WeakVersionException e => Of(412, "stale-version", e.Message, "If-Match"),
            TooManyAtOnceException e => Of(429, "too-many-requests", e.Message),
            NeighbourAwayException e => Of(503, "context-away", e.Message),
            ForbiddenException e => Of(403, "forbidden", e.Message),
            NeighbourForbidsException e => Of(403, "forbidden", e.Message),
            IdempotencyConflictException e => Of(409, "idempotency-key-reused", e.Message, Idempotency.Header),
            BadHttpRequestException { InnerException: JsonException e } => OfJson(e, httpContext),
            JsonException e => OfJson(e, httpContext),
            BadHttpRequestException { StatusCode: 400 } e when e.Message.Contains("body", StringComparison.Ordinal) => Of(
                400,
                "invalid-request",
                "A body is expected: a JSON object."
            ),
            BadHttpRequestException e => Of(e.StatusCode, e.StatusCode == 413 ? "too-large" : "invalid-request", e.Message),
            PostgresException { SqlState: PostgresErrorCodes.UntranslatableCharacter or PostgresErrorCodes.CharacterNotInRepertoire } => Of(
                400,
                "invalid-request",
                "The text holds a character that cannot be stored (U+0000)."
            ),
            PostgresException { IsTransient: false } => null,
            NpgsqlException or TimeoutException => Of(
                503,
                "database-away",
                "The database cannot be reached. Nothing was acknowledged; try again."
            ),
            OperationCanceledException when httpContext.RequestAborted.IsCancellationRequested => Of(
                499,
                "cancelled",
                "The client closed the connection."
            ),
            _ => null,
        };
        if (problem is null)
            log.UnexpectedError(exception, Known(httpContext.Request.Method), EndpointOf(httpContext)?.DisplayName);
        else if (problem.Status is 503)
            log.Unavailable(exception, Known(httpContext.Request.Method), EndpointOf(httpContext)?.DisplayName);
        problem ??= Of(500, "unexpected", "An unexpected error occurred. It was logged with the correlation id.");
        if (problem.Status is 503 or 429)
            httpContext.Response.Headers.RetryAfter = exception is NpgsqlException or TimeoutException ? "2" : "5";
        httpContext.Response.StatusCode = problem.Status!.Value;
        return await writer.TryWriteAsync(
            new()
            {
                HttpContext = httpContext,
                ProblemDetails = problem,
                Exception = exception,
            }
        );
    }

    /// <summary>Sets our types on problems that the framework creates (400 of validation, 401, 403, 404, 405, 415).</summary>
    public static void Customize(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Extensions.Remove("traceId");
        problem.Extensions["correlationId"] = Correlation.Of(context.HttpContext);
        if (problem is HttpValidationProblemDetails { Errors.Count: > 0 } validation)
        {
            validation.Errors = validation.Errors.ToDictionary(e => RequestJson.Spelled(e.Key), e => e.Value);
            var (field, messages) = validation.Errors.First();
            (problem.Detail, problem.Extensions["field"]) = (messages[0], field);
        }
        if (problem.Type?.StartsWith("urn:crm:", StringComparison.Ordinal) == true)
            return;
        var code = problem.Status switch
        {
            400 => "invalid-request",
            401 => "unauthenticated",
            403 => "forbidden",
            404 => "not-found",
            405 => "method-not-allowed",
            413 => "too-large",
            415 => "unsupported-media-type",
            429 => "too-many-requests",
            _ => "unexpected",
        };
        (problem.Type, problem.Title) = ("urn:crm:" + code, Title(code));
        if (problem.Status == 403 && context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<Permissions.Required>() is { } required)
            problem.Detail = $"This request requires the permission {required.Permission}.";
    }

    internal static string Title(string code) => char.ToUpperInvariant(code[0]) + code[1..].Replace('-', ' ');

    static ProblemDetails Of(int status, string code, string detail, string? field = null)
    {
        var problem = new ProblemDetails
        {
            Status = status,
            Type = "urn:crm:" + code,
            Title = Title(code),
            Detail = detail,
        };
        if (field is not null)
            problem.Extensions["field"] = field;
        return problem;
    }

    /// <summary>The middleware for exceptions has taken the endpoint away by now, and remembers it.</summary>
    static Endpoint? EndpointOf(HttpContext http) => http.Features.Get<IExceptionHandlerFeature>()?.Endpoint;

    /// <summary>A client may send any word as its method.</summary>
    static string Known(string method) =>
        methods.FirstOrDefault(known => known.Equals(method, StringComparison.OrdinalIgnoreCase)) ?? "another method";

    ProblemDetails OfJson(JsonException e, HttpContext http)
    {
        var (detail, field) = RequestJson.Describe(
            e,
            EndpointOf(http)?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType,
            json.Value.SerializerOptions
        );
        return Of(400, "invalid-request", detail, field);
    }
}
