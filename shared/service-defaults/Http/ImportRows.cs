using System.ComponentModel.DataAnnotations;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Reads an upload row by row (NDJSON or CSV), processes it in chunks, and streams a result per row back while the upload is still running.
/// </summary>
public static class ImportRows
{
    const int Chunk = 500,
        MaxWeight = 10_000,
        MaxRowLength = 1_000_000;
    public const long MaxBytes = 2_147_483_648;

    /// <param name="refusals">The error codes with which a row can be refused.</param>
    internal static RouteHandlerBuilder TakesRows(this RouteHandlerBuilder route, params string[] refusals) =>
        route
            .Accepts<string>("application/x-ndjson", "text/csv")
            .Produces<RowResult>(200, "application/x-ndjson")
            .WithMetadata(new Refusals.Declared(200, refusals));

    /// <param name="weight">How much work a row is, 1 by default: a chunk, which is one transaction, ends at 500 rows or a weight of
    /// 10,000.</param>
    public static async Task<IResult> Answer<T>(
        HttpContext http,
        Func<TextReader, CancellationToken, IAsyncEnumerable<Row<T>>> csv,
        Func<IReadOnlyList<Row<T>>, CancellationToken, Task<RowResult[]>> write,
        CancellationToken ct,
        Func<T, int>? weight = null
    )
        where T : class
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        if (type is not ("application/x-ndjson" or "text/csv"))
            return ServiceDefaults.Answer.Problem(
                415,
                "unsupported-media-type",
                "The Content-Type of an import must be application/x-ndjson or text/csv.",
                "Content-Type"
            );
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxBytes;
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        using var reader = new StreamReader(http.Request.Body);
        http.Response.ContentType = "application/x-ndjson";
        // An HTTP/1.1 client may read the answer only after it has sent everything. Unread results are buffered here; otherwise client and
        // server would wait for each other for ever (deadlock).
        var results = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var sending = results.Reader.CopyToAsync(http.Response.Body, ct);
        try
        {
            await foreach (var rows in Chunks(type == "text/csv" ? csv(reader, ct) : Lines<T>(reader, ct), weight))
            {
                foreach (var result in await write(rows, ct))
                {
                    await JsonSerializer.SerializeAsync(results.Writer, result, EventStoreOptions.Json, ct);
                    await results.Writer.WriteAsync("\n"u8.ToArray(), ct);
                }
            }
        }
        catch (Exception e)
        {
            await results.Writer.CompleteAsync(e);
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        await results.Writer.CompleteAsync();
        await sending;
        return Results.Empty;
    }

    /// <summary>Validates a row by its attributes, as a request body is validated.</summary>
    public static Row<T> Checked<T>(long number, T command)
        where T : class
    {
        var errors = new List<ValidationResult>();
        return Validator.TryValidateObject(command, new(command), errors, validateAllProperties: true)
            ? new(number, command, null)
            : new(
                number,
                null,
                RowResult.Refused(number, "invalid-request", errors[0].ErrorMessage ?? "invalid", errors[0].MemberNames.FirstOrDefault())
            );
    }

    static async IAsyncEnumerable<Row<T>> Lines<T>(TextReader reader, [EnumeratorCancellation] CancellationToken ct)
        where T : class
    {
        var lines = new BoundedLines(reader, MaxRowLength);
        for (var number = 1L; await lines.Next(ct); number++)
            if (lines.Text is null)
                yield return new(number, null, RowResult.Refused(number, "too-large", $"A row has at most {MaxRowLength} characters."));
            else if (!string.IsNullOrWhiteSpace(lines.Text))
                yield return Parse<T>(number, lines.Text);
    }

    static Row<T> Parse<T>(long number, string line)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, Json) is { } command
                ? Checked(number, command)
                : new(number, null, RowResult.Refused(number, "invalid-request", "The row is null; a JSON object is expected."));
        }
        catch (JsonException e)
        {
            var (detail, field) = RequestJson.Describe(e, typeof(T), Json);
            return new(number, null, RowResult.Refused(number, "invalid-request", detail, field));
        }
    }

    static JsonSerializerOptions Json { get; } = Strict();

    static JsonSerializerOptions Strict()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        RequestJson.Configure(json);
        return json;
    }

    static async IAsyncEnumerable<IReadOnlyList<Row<T>>> Chunks<T>(IAsyncEnumerable<Row<T>> rows, Func<T, int>? weight)
        where T : class
    {
        var (chunk, heavy) = (new List<Row<T>>(Chunk), 0);
        await foreach (var row in rows)
        {
            chunk.Add(row);
            heavy += row.Command is { } command ? weight?.Invoke(command) ?? 1 : 1;
            if (chunk.Count < Chunk && heavy < MaxWeight)
                continue;
            yield return chunk;
            (chunk, heavy) = (new(Chunk), 0);
        }
        if (chunk.Count > 0)
            yield return chunk;
    }

    /// <summary>Reads the lines of an untrusted stream: one that is too long is skipped without being held in memory.</summary>
    sealed class BoundedLines(TextReader reader, int longest)
    {
        readonly char[] buffer = new char[16_384];
        readonly StringBuilder line = new();
        int at,
            filled;

        /// <summary>Null if the line is too long.</summary>
        public string? Text { get; private set; } = "";

        public async ValueTask<bool> Next(CancellationToken ct)
        {
            line.Clear();
            var (any, tooLong) = (false, false);
            while (true)
            {
                if (at == filled)
                    (at, filled) = (0, await reader.ReadAsync(buffer, ct));
                if (filled == 0)
                    break;
                any = true;
                var end = Array.IndexOf(buffer, '\n', at, filled - at);
                var part = (end < 0 ? filled : end) - at;
                tooLong |= line.Length + part > longest;
                if (!tooLong)
                    line.Append(buffer, at, part);
                at += end < 0 ? part : part + 1;
                if (end >= 0)
                    break;
            }
            Text = tooLong ? null : line.ToString();
            return any;
        }
    }
}
