using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;

namespace CrmPlatform.Loyalty.Exports;

/// <param name="Balance">Of the account after the entry, in the order of the dates.</param>
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
/// waits for the last one.
/// </summary>
sealed class StatementFile(NpgsqlConnection connection, HttpContext http, string format, DateTimeOffset? from, DateTimeOffset? to)
    : IAsyncDisposable
{
    const string Sql = """
        select customer_id, version, kind, points, reference, note, occurred_at from statement_entry
        where customer_id = any($1) and ($2::timestamptz is null or occurred_at < $2) order by customer_id, occurred_at, version
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
        NpgsqlConnection connection,
        HttpContext http,
        string? format,
        DateTimeOffset? from,
        DateTimeOffset? to,
        string name
    )
    {
        http.Response.ContentType = format == "ndjson" ? "application/x-ndjson" : "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}.{format ?? "csv"}\"";
        return new(connection, http, format ?? "csv", from?.ToUniversalTime(), to?.ToUniversalTime());
    }

    public static void Check(string? format, DateTimeOffset? from, DateTimeOffset? to)
    {
        if (format is not (null or "csv" or "ndjson"))
            throw new BadRequestException("format", "csv or ndjson");
        if (from >= to)
            throw new BadRequestException("from", "before to");
    }

    /// <summary>
    /// One statement of SQL, so each account is as it was at one instant. What was before the period goes into the balance with which it
    /// begins.
    /// </summary>
    public async Task Write(Guid[] customers, CancellationToken ct)
    {
        if (format == "csv" && csv is null)
            await Header();
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                new() { Value = customers },
                new() { Value = (object?)to ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz },
            },
        };
        await using var rows = await command.ExecuteReaderAsync(ct);
        var (customer, balance) = (Guid.Empty, 0L);
        while (await rows.ReadAsync(ct))
        {
            if (rows.GetGuid(0) is var id && id != customer)
                (customer, balance) = (id, 0);
            balance += rows.GetInt64(3);
            var at = rows.GetFieldValue<DateTimeOffset>(6);
            if (at < from)
                continue;
            await Write(
                new(
                    CustomerId: customer,
                    Version: rows.GetInt64(1),
                    Kind: rows.GetString(2).ToLowerInvariant(),
                    Points: rows.GetInt64(3),
                    Balance: balance,
                    Reference: rows.IsDBNull(4) ? null : rows.GetGuid(4),
                    Note: rows.IsDBNull(5) ? null : rows.GetString(5),
                    OccurredAt: at
                )
            );
        }
    }

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
}
