using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace CrmPlatform.ServiceDefaults;

/// <summary>The version in the optional <c>If-Match</c> header. A stale one is answered with 412.</summary>
public readonly record struct IfMatch(long? Version)
{
    /// <exception cref="BadRequestException">Not a quoted version.</exception>
    public static ValueTask<IfMatch> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var header = context.Request.Headers.IfMatch.ToString();
        if (header is "" or "*") return new(new IfMatch(null));
        return long.TryParse(header.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new(new IfMatch(version))
            : throw new BadRequestException("If-Match", "the quoted version of an ETag, like \"7\"");
    }
}

/// <summary>The id of a thing that a request creates: derived from the Idempotency-Key where one is given, else time-ordered (UUIDv7).</summary>
public readonly record struct NewId(Guid Value)
{
    public static ValueTask<NewId> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var key = context.Request.Headers[Idempotency.Header].ToString();
        return new(new NewId(key is "" ? Guid.CreateVersion7() : NameId.For("idempotency", Idempotency.Scope(context), key)));
    }
}
