using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CrmPlatform.ServiceDefaults;

/// <summary>The answer to every command: the id of what was changed and its new version (also as ETag).</summary>
/// <param name="Id">Id of what was changed, or created.</param>
/// <param name="Version">Its new version.</param>
public sealed record Changed(Guid Id, long Version);

/// <summary>One page of a list. Next is the cursor of the following page (<c>?after=</c>), null at the end.</summary>
/// <param name="Items">The items of this page.</param>
/// <param name="Next">The cursor of the following page, for <c>?after=</c>; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Makes a page from a query for <c>size</c> + 1 rows: the extra row only shows that a following page exists.</summary>
public static class Page
{
    /// <param name="cursor">The cursor of a row, which <c>?after=</c> takes to continue behind it.</param>
    public static Page<T> Of<T>(IReadOnlyList<T> rows, int size, Func<T, string> cursor) => Of(rows, size, row => row, cursor);

    /// <param name="item">Maps a row to the item that is shown.</param>
    public static Page<TItem> Of<TRow, TItem>(IReadOnlyList<TRow> rows, int size, Func<TRow, TItem> item, Func<TRow, string> cursor) =>
        new([.. rows.Take(size).Select(item)], rows.Count > size ? cursor(rows[size - 1]) : null);
}

/// <summary>Answers that all rooms share.</summary>
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

/// <summary>Page sizes: 50 by default, at most 200.</summary>
public static class PageLimit
{
    /// <exception cref="BadRequestException">The limit is not within 1 to 200.</exception>
    public static int Of(int? limit) =>
        limit is null ? 50
        : limit is >= 1 and <= 200 ? limit.Value
        : throw new BadRequestException("limit", "a number from 1 to 200");
}

/// <summary>A parameter that is one word of a list.</summary>
public static class QueryWord
{
    /// <returns>The value; null if it is left out.</returns>
    /// <exception cref="BadRequestException">The list does not have it.</exception>
    public static string? OneOf(string field, string? value, IReadOnlyCollection<string> words) =>
        value is null || words.Contains(value) ? value : throw new BadRequestException(field, "one of " + string.Join(", ", words));
}

/// <summary>One field of the request is malformed: 400 <c>urn:crm:invalid-request</c>.</summary>
public sealed class BadRequestException(string field, string expected) : Exception($"'{field}' must be {expected}")
{
    public string Field { get; } = field;
    public string Expected { get; } = expected;
}

/// <summary>
/// The identity is already used by something else: 409 with this code. It is thrown inside a decision, so that the refused request does not
/// use up its Idempotency-Key.
/// </summary>
public sealed class DuplicateException(string code, string message, string field) : RuleViolationException(code, message, field);
