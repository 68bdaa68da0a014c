using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using CrmPlatform.Csv;
using Microsoft.AspNetCore.Http;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Reads an upload row by row (NDJSON or CSV), writes the rows in chunks, and streams a result per row back while the upload is still
/// running. Memory is bounded whatever the client does.
/// </summary>
public static class ImportRows
{
    const int RowsOfChunk = 500,
        WeightOfChunk = 10_000,
        CharactersOfChunk = 2_000_000;

    /// <summary>
    /// An HTTP/1.1 client may read the answer only after it has sent everything: so many bytes of results wait for it, about 100,000 rows.
    /// </summary>
    const int BytesWaiting = 16 * 1024 * 1024;

    static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    public static async Task<IResult> Answer<T>(
        HttpContext http,
        ImportFormat<T> format,
        Import import,
        (char? Separator, bool IgnoreUnknown) csv,
        Func<IReadOnlyList<Row<T>>, CancellationToken, Task<RowResult[]>> write,
        CancellationToken ct
    )
        where T : class
    {
        var (upload, problem) = Upload.Of(http);
        if (problem is not null)
            return problem;
        var chunks = Chunks(http, upload!, format, import, csv, ct).GetAsyncEnumerator(ct);
        bool any;
        try
        {
            // What refuses the whole file is found before its first row is written, and is a problem instead of results.
            any = await chunks.MoveNextAsync();
        }
        catch (HeaderException e)
        {
            return ServiceDefaults.Answer.Problem(400, "invalid-header", e.Message);
        }
        catch (Exception e) when (e is UndecodableException or DamagedUploadException)
        {
            return ServiceDefaults.Answer.Problem(400, "undecodable", e.Message);
        }
        http.Response.ContentType = "application/x-ndjson";
        var results = new Answered(http, ct);
        try
        {
            for (; any; any = await chunks.MoveNextAsync())
                await results.Send(chunks.Current.Zip(await write(chunks.Current, ct), (row, result) => row.Placed(result)));
        }
        catch (NeighbourAwayException e) when (results.Begun)
        {
            // Earlier chunks are written and answered; before the first one, the whole import is answered with 503.
            await results.Send([
                RowResult.Refused(chunks.Current[0].Number, "context-away", e.Message + " Rows without a result were not recorded."),
            ]);
        }
        catch (Exception e)
        {
            await results.Failed(e);
            throw;
        }
        finally
        {
            await chunks.DisposeAsync();
        }
        await results.Done();
        return Results.Empty;
    }

    static async IAsyncEnumerable<IReadOnlyList<Row<T>>> Chunks<T>(
        HttpContext http,
        Upload upload,
        ImportFormat<T> format,
        Import import,
        (char? Separator, bool IgnoreUnknown) csv,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
        where T : class
    {
        var checks = new RowChecks(http.RequestServices);
        var read = (
            upload.IsCsv ? await Csv(upload, format, csv, http.RequestServices, ct) : RowChecks.Lines<T>(upload.Lines, ct)
        ).GetAsyncEnumerator(ct);
        await using var _ = read;
        var (chunk, heavy, characters, rows, ended) = (new List<Row<T>>(RowsOfChunk), 0, 0L, 0L, false);
        while (!ended)
        {
            try
            {
                ended = !await read.MoveNextAsync();
            }
            catch (Exception e) when (e is UndecodableException or DamagedUploadException && rows > chunk.Count)
            {
                // Earlier chunks are written: what follows is refused. Otherwise the whole file is.
                (ended, chunk) = (true, [.. chunk, Last("undecodable", e.Message)]);
            }
            if (!ended && import.DryRun && rows == Import.MostRowsOfDryRun)
                (ended, chunk) = (true, [.. chunk, Last("too-large", $"A dry run reads {Import.MostRowsOfDryRun} rows.")]);
            if (!ended)
            {
                var row = await checks.Checked(read.Current, ct);
                chunk.Add(row);
                rows++;
                heavy += row.Command is { } command ? Math.Max(1, format.Weight(command)) : 1;
                characters += row.Characters;
            }
            if (chunk.Count == 0 || (!ended && chunk.Count < RowsOfChunk && heavy < WeightOfChunk && characters < CharactersOfChunk))
                continue;
            yield return chunk;
            (chunk, heavy, characters) = (new(RowsOfChunk), 0, 0);
        }

        Row<T> Last(string error, string detail) =>
            ImportRow.Refuse<T>(upload.Lines.Read + 1, error, detail + " Rows without a result were not read.");
    }

    static async Task<IAsyncEnumerable<Row<T>>> Csv<T>(
        Upload upload,
        ImportFormat<T> format,
        (char? Separator, bool IgnoreUnknown) csv,
        IServiceProvider services,
        CancellationToken ct
    )
        where T : class
    {
        var header = await CsvHeader.Read(upload.Lines, format.Columns, csv.Separator, csv.IgnoreUnknown, ct);
        var records = new CsvRecords(upload.Lines, header.Separator, format.Columns.Any(c => c.LineBreaks));
        return new CsvRows<T>(records, header, format, services).Read(ct);
    }

    /// <summary>Results on their way to the client.</summary>
    sealed class Answered
    {
        readonly HttpContext http;
        readonly CancellationToken ct;
        readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: BytesWaiting, resumeWriterThreshold: BytesWaiting / 2));
        readonly Task sending;

        /// <summary>Something was answered, so that the status can no longer be an error's.</summary>
        public bool Begun { get; private set; }

        public Answered(HttpContext http, CancellationToken ct)
        {
            (this.http, this.ct) = (http, ct);
            sending = pipe.Reader.CopyToAsync(http.Response.Body, ct);
        }

        public async Task Send(IEnumerable<RowResult> results)
        {
            Begun = true;
            foreach (var result in results)
            {
                using (var json = new Utf8JsonWriter(pipe.Writer))
                    JsonSerializer.Serialize(json, result, EventStoreOptions.Json);
                pipe.Writer.Write("\n"u8);
            }
            try
            {
                await pipe.Writer.FlushAsync(ct).AsTask().WaitAsync(patience, ct);
            }
            catch (TimeoutException)
            {
                // Rows that were written stay; the client finds them when it sends them again.
                http.Abort();
                throw new OperationCanceledException("the client does not read the results of its import");
            }
        }

        public async Task Done()
        {
            await pipe.Writer.CompleteAsync();
            await sending;
        }

        public async Task Failed(Exception e)
        {
            await pipe.Writer.CompleteAsync(e);
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
