using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;

namespace CrmPlatform.Loyalty.Exports;

/// <summary>An entry of a statement, as a row of a file.</summary>
/// <param name="Kind">What happened: <c>Earned</c>, <c>Redeemed</c> ….</param>
/// <param name="Points">Signed: what the entry did to the balance.</param>
/// <param name="Balance">Of the account after the entry, in the order of the dates.</param>
/// <param name="Reference">The purchase, redemption, transfer, lot or return; null if there is none.</param>
/// <param name="Note">Rule and its version, purpose or reason.</param>
/// <param name="OccurredAt">When it happened.</param>
public sealed record ExportedEntry(
    Guid CustomerId,
    long Version,
    string Kind,
    long Points,
    long Balance,
    Guid? Reference,
    string? Note,
    DateTimeOffset OccurredAt
);

/// <summary>
/// Entries of statements as CSV (RFC 4180, UTF-8 with a mark so that spreadsheets see what it is) or NDJSON, one after the other: nothing
/// waits for the last one. They are read page by page, and while a page is written no database connection is held: a reader may be slow.
/// </summary>
sealed class StatementFile(NpgsqlDataSource db, HttpContext http, string format, DateTimeOffset? from, DateTimeOffset? to)
    : IAsyncDisposable
{
    const int PageSize = 5_000;

    // Statements only grow, so up to a version each account is what it was when that was its last one.
    const string Bounds = """
        select a.customer_id as Id, coalesce((select max(version) from statement_entry e where e.customer_id = a.customer_id), 0) as Last
        from unnest(@customers) a(customer_id) order by 1
        """;
    const string Sql = """
        select e.customer_id as Customer, e.version, e.kind, e.points, e.reference, e.note, e.occurred_at
        from unnest(@ids, @last) b(customer_id, last) join statement_entry e on e.customer_id = b.customer_id and e.version <= b.last
        where (@to::timestamptz is null or e.occurred_at < @to)
            and (e.customer_id, e.occurred_at, e.version) > (@customer, @at, @version)
        order by e.customer_id, e.occurred_at, e.version limit @PageSize
        """;

    readonly StreamWriter text = new(
        http.Response.Body,
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: format == "csv"),
        32_768,
        leaveOpen: true
    );
    CsvWriter? csv;

    /// <exception cref="BadRequestException">No such format, or no such period.</exception>
    public static StatementFile Begin(
        NpgsqlDataSource db,
        HttpContext http,
        string? format,
        DateTimeOffset? from,
        DateTimeOffset? to,
        string name
    )
    {
        http.Response.ContentType = format == "ndjson" ? "application/x-ndjson" : "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}.{format ?? "csv"}\"";
        return new(db, http, format ?? "csv", from?.ToUniversalTime(), to?.ToUniversalTime());
    }

    public static void Check(string? format, DateTimeOffset? from, DateTimeOffset? to)
    {
        if (format is not (null or "csv" or "ndjson"))
            throw new BadRequestException("format", "csv or ndjson");
        if (from >= to)
            throw new BadRequestException("from", "before to");
    }

    /// <summary>
    /// Each account as it was at one instant. What was before the period goes into the balance with which it begins.
    /// </summary>
    public async Task Write(Guid[] customers, CancellationToken ct)
    {
        if (format == "csv" && csv is null)
            await Header();
        var bounds = await db.Query<Bound>(Bounds, new { customers }, ct);
        var (after, balance) = (new Row(Guid.Empty, 0, "", 0, null, null, DateTimeOffset.UnixEpoch.AddYears(-100)), 0L);
        while (true)
        {
            var left = bounds.FindAll(b => b.Id >= after.Customer);
            var page = await db.Query<Row>(
                Sql,
                new
                {
                    ids = left.ConvertAll(b => b.Id),
                    last = left.ConvertAll(b => b.Last),
                    to,
                    customer = after.Customer,
                    at = after.OccurredAt,
                    version = after.Version,
                    PageSize,
                },
                ct
            );
            foreach (var row in page)
            {
                balance = row.Points + (row.Customer == after.Customer ? balance : 0);
                after = row;
                if (row.OccurredAt >= from || from is null)
                    await Write(row, balance);
            }
            if (page.Count < PageSize)
                return;
        }
    }

    Task Write(Row row, long balance) =>
        Write(
            new(
                CustomerId: row.Customer,
                Version: row.Version,
                Kind: row.Kind.ToLowerInvariant(),
                Points: row.Points,
                Balance: balance,
                Reference: row.Reference,
                Note: row.Note,
                OccurredAt: row.OccurredAt
            )
        );

    async Task Header()
    {
        csv = new(text, CultureInfo.InvariantCulture, leaveOpen: true);
        foreach (var column in new[] { "customerId", "version", "kind", "points", "balance", "reference", "note", "occurredAt" })
            csv.WriteField(column);
        await csv.NextRecordAsync();
    }

    async Task Write(ExportedEntry e)
    {
        if (csv is null)
        {
            await text.WriteAsync(JsonSerializer.Serialize(e, EventStoreOptions.Json));
            await text.WriteAsync('\n');
            return;
        }
        csv.WriteField(e.CustomerId);
        csv.WriteField(e.Version);
        csv.WriteField(e.Kind);
        csv.WriteField(e.Points);
        csv.WriteField(e.Balance);
        csv.WriteField(e.Reference);
        csv.WriteField(Harmless(e.Note));
        csv.WriteField(e.OccurredAt.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));
        await csv.NextRecordAsync();
    }

    /// <summary>A spreadsheet must not take a text for a formula.</summary>
    internal static string? Harmless(string? note) => note is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + note : note;

    public async ValueTask DisposeAsync()
    {
        if (csv is not null)
            await csv.DisposeAsync();
        await text.DisposeAsync();
    }

    sealed record Bound(Guid Id, long Last);

    sealed record Row(Guid Customer, long Version, string Kind, long Points, Guid? Reference, string? Note, DateTimeOffset OccurredAt);
}
