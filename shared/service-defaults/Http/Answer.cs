using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CrmPlatform.ServiceDefaults;

/// <summary>The answer to every command: what was changed, and the version that it has now (also as ETag).</summary>
public sealed record Changed(Guid Id, long Version);

/// <summary>One page of a list. Next is the cursor of the following page (<c>?after=</c>), null at the end.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Makes a page of <c>size</c> rows from one more: only where there is one, there is a following page.</summary>
public static class Page
{
    /// <param name="cursor">What <c>?after=</c> says to go on behind a row.</param>
    public static Page<T> Of<T>(IReadOnlyList<T> rows, int size, Func<T, string> cursor) => Of(rows, size, row => row, cursor);

    /// <param name="item">What is shown of a row.</param>
    public static Page<TItem> Of<TRow, TItem>(IReadOnlyList<TRow> rows, int size, Func<TRow, TItem> item, Func<TRow, string> cursor) =>
        new([.. rows.Take(size).Select(item)], rows.Count > size ? cursor(rows[size - 1]) : null);
}

/// <summary>Answers that look the same everywhere.</summary>
public static class Answer
{
    /// <summary>404 <c>urn:crm:not-found</c>.</summary>
    public static ProblemHttpResult NotFound(string what, object id) =>
        Problem(StatusCodes.Status404NotFound, "not-found", $"There is no {what} {id}.");

    /// <summary>A problem of RFC 9457 with a stable type.</summary>
    public static ProblemHttpResult Problem(int status, string code, string detail, string? field = null) =>
        TypedResults.Problem(
            detail,
            statusCode: status,
            type: "urn:crm:" + code,
            title: Problems.Title(code),
            extensions: field is null ? null : new Dictionary<string, object?> { ["field"] = field }
        );

    internal sealed class Acknowledged(Changed changed, string? location) : IResult
    {
        public Changed Changed => changed;
        public string? Location => location;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.ETag = $"\"{changed.Version}\"";
            IResult inner = location is null ? TypedResults.Ok(changed) : TypedResults.Created(location, changed);
            return inner.ExecuteAsync(httpContext);
        }
    }
}

/// <summary>Page sizes: 50 unless said otherwise, at most 200.</summary>
public static class PageLimit
{
    /// <exception cref="BadRequestException">Outside of 1 to 200.</exception>
    public static int Of(int? limit) =>
        limit is null ? 50
        : limit is >= 1 and <= 200 ? limit.Value
        : throw new BadRequestException("limit", "a number from 1 to 200");
}

/// <summary>The request is malformed in a way that a single field can be blamed for: 400 <c>urn:crm:invalid-request</c>.</summary>
public sealed class BadRequestException(string field, string expected) : Exception($"'{field}' must be {expected}")
{
    public string Field { get; } = field;
    public string Expected { get; } = expected;
}

/// <summary>
/// The same identity is taken by something else: 409 with this code. Thrown from a decision, so that an Idempotency-Key is not used up by
/// it.
/// </summary>
public sealed class DuplicateException(string code, string message, string field) : Exception(message)
{
    public string Code { get; } = code;
    public string Field { get; } = field;
}
