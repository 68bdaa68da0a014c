using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.ServiceDefaults;

/// <summary>An HTTP request as the event store needs it. Endpoints take it as a parameter, like any other service.</summary>
public static class Requests
{
    internal static void Add(IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddScoped(s => Of(s.GetRequiredService<IHttpContextAccessor>().HttpContext!, s.GetRequiredService<TimeProvider>()));
    }

    /// <summary>200 with ETag and <see cref="Changed"/>; 201 with Location if something was created.</summary>
    public static IResult Done(this Request request, WriteResult done) => Acknowledge(request, done);

    internal static Answer.Acknowledged Acknowledge(this Request request, WriteResult done) =>
        new(
            new(request.Subject ?? done.StreamId, request.Version ?? done.Version),
            done.Events.Count > 0 ? request.Location?.Invoke(done) : null
        );

    static Request Of(HttpContext http, TimeProvider clock) =>
        new(clock, http.RequestAborted)
        {
            Metadata = Correlation.MetadataOf(http),
            // With the body: a key that is older than its row, used for something else, does not find the old thing.
            NewId = http.Request.Headers[Idempotency.Header].ToString() is { Length: > 0 } key
                ? NameId.For("idempotency", Idempotency.Scope(http), key, Idempotency.BodyOf(http))
                : Guid.CreateVersion7(),
            IfMatch = IfMatch(http.Request.Headers.IfMatch.ToString()),
        };

    /// <exception cref="BadRequestException">The header is not a quoted version.</exception>
    /// <exception cref="WeakVersionException">It is a weak ETag, which never matches here (RFC 9110, section 13.1.1).</exception>
    static long? IfMatch(string header) =>
        header is "" or "*" ? null
        : header.StartsWith("W/", StringComparison.Ordinal) ? throw new WeakVersionException()
        : header is ['"', .. var quoted, '"'] && long.TryParse(quoted, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
        : throw new BadRequestException("If-Match", "the quoted version of an ETag, like \"7\"");
}

/// <summary>If-Match holds a weak ETag, which never matches: 412.</summary>
public sealed class WeakVersionException() : Exception("A weak ETag never matches in If-Match. Send the ETag as it was received.");
