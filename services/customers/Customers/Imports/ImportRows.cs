using System.Text.Json;

namespace CrmPlatform.Customers.Imports;

/// <summary>What became of one row.</summary>
/// <param name="Row">Number of the row in the upload, from 1.</param>
/// <param name="Status"><c>recorded</c>, <c>unchanged</c> (it was there already) or <c>refused</c>.</param>
public sealed record RowResult(long Row, string Status, Guid? Id = null, string? Error = null, string? Detail = null, string? Field = null)
{
    public static RowResult Refused(long row, string error, string detail, string? field = null) => new(row, "refused", null, error, detail, field);
}

/// <summary>One row as it was read: a command, or why it is none.</summary>
public sealed record Row<T>(long Number, T? Command, RowResult? Refused) where T : class;

/// <summary>Reads an upload row by row (NDJSON or CSV), hands it on in chunks, and streams a result per row back while it is still coming in.</summary>
public static class ImportRows
{
    const int Chunk = 500, MaxRowLength = 1_000_000;
    public const long MaxBytes = 2_147_483_648;

    public static RouteHandlerBuilder Map<T>(IEndpointRouteBuilder app, string what, string permission, Func<TextReader, CancellationToken, IAsyncEnumerable<Row<T>>> csv, Func<IServiceProvider, string, IReadOnlyList<Row<T>>, CancellationToken, Task<RowResult[]>> write)
        where T : class => app.MapPost($"/api/customers/imports/{{importId}}/{what}", async (string importId, HttpContext http, CancellationToken ct) =>
    {
        if (importId.Length is 0 or > 80) throw new BadRequestException("importId", "1 to 80 characters");
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        if (type is not ("application/x-ndjson" or "text/csv")) return Answer.Problem(415, "unsupported-media-type", "An import is application/x-ndjson or text/csv.", "Content-Type");
        if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MaxBytes;
        using var reader = new StreamReader(http.Request.Body);
        http.Response.ContentType = "application/x-ndjson";
        await foreach (var rows in Chunks(type == "text/csv" ? csv(reader, ct) : Lines<T>(reader, ct)))
        {
            foreach (var result in await write(http.RequestServices, importId, rows, ct))
            {
                await JsonSerializer.SerializeAsync(http.Response.Body, result, EventStoreOptions.Json, ct);
                await http.Response.Body.WriteAsync("\n"u8.ToArray(), ct);
            }
            await http.Response.Body.FlushAsync(ct);
        }
        return Results.Empty;
    }).RequirePermission(permission).Accepts<string>("application/x-ndjson", "text/csv").Produces<RowResult>(200, "application/x-ndjson");

    /// <summary>Checks what the request's own validation would check.</summary>
    public static Row<T> Checked<T>(long number, T command) where T : class
    {
        var errors = new List<ValidationResult>();
        return Validator.TryValidateObject(command, new(command), errors, validateAllProperties: true)
            ? new(number, command, null)
            : new(number, null, RowResult.Refused(number, "invalid-request", errors[0].ErrorMessage ?? "invalid", errors[0].MemberNames.FirstOrDefault()));
    }

    static async IAsyncEnumerable<Row<T>> Lines<T>(StreamReader reader, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct) where T : class
    {
        for (var number = 1L; await reader.ReadLineAsync(ct) is { } line; number++)
            if (!string.IsNullOrWhiteSpace(line)) yield return Parse<T>(number, line);
    }

    static Row<T> Parse<T>(long number, string line) where T : class
    {
        if (line.Length > MaxRowLength) return new(number, null, RowResult.Refused(number, "too-large", $"A row has at most {MaxRowLength} characters."));
        try
        {
            return JsonSerializer.Deserialize<T>(line, Json) is { } command ? Checked(number, command) : new(number, null, RowResult.Refused(number, "invalid-request", "The row is null."));
        }
        catch (JsonException e)
        {
            return new(number, null, RowResult.Refused(number, "invalid-request", $"The row is not the JSON that is expected, at {e.Path ?? "$"}.", e.Path?.TrimStart('$', '.')));
        }
    }

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    static async IAsyncEnumerable<IReadOnlyList<Row<T>>> Chunks<T>(IAsyncEnumerable<Row<T>> rows) where T : class
    {
        var chunk = new List<Row<T>>(Chunk);
        await foreach (var row in rows)
        {
            chunk.Add(row);
            if (chunk.Count < Chunk) continue;
            yield return chunk;
            chunk = new(Chunk);
        }
        if (chunk.Count > 0) yield return chunk;
    }
}
