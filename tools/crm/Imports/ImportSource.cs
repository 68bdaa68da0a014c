using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using CrmPlatform.Csv;

namespace CrmPlatform.Crm;

/// <summary>One record of a file: a line of JSON, or a record of CSV, which may span several lines.</summary>
/// <param name="Line">The line of the file at which it begins.</param>
/// <param name="Key">Records with the same key, one after the other, are one row; null where each record is a row.</param>
/// <param name="Broken">It was not understood. The service says why.</param>
public sealed record ImportRecord(long Line, string Text, string? Key, bool Broken);

/// <summary>
/// A file to import: CSV if its name says so, else NDJSON; gzip is inflated. It is read strictly as the charset that was given, and
/// twice: once to check the whole, before the first record is sent.
/// </summary>
public sealed class ImportSource(string path, ImportKind kind, string? charset, char? separator)
{
    private static readonly char[] _separators = [',', ';', '\t', '|'];

    private readonly Encoding _encoding =
        DecodedText.Strict(charset)
        ?? throw new CrmException($"'{charset}' is not a known charset; expected is one of {string.Join(", ", DecodedText.Charsets)}");

    public bool IsCsv =>
        path.Contains(".csv", StringComparison.OrdinalIgnoreCase) || path.Contains(".tsv", StringComparison.OrdinalIgnoreCase);

    /// <summary>The first lines of a CSV file: the header, and the line that names the separator where there is one.</summary>
    public IReadOnlyList<string> Header { get; private set; } = [];

    /// <summary>A name for the content: the same file again is the same import.</summary>
    public async Task<string> Name(CancellationToken ct)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct))[..16];
    }

    /// <summary>Counts the records, and finds what would be torn apart.</summary>
    /// <exception cref="CrmException">The file cannot be decoded, or records of one row do not follow one another.</exception>
    public async Task<long> Check(CancellationToken ct)
    {
        var (count, seen, last) = (0L, new Dictionary<UInt128, long>(), (string?)null);
        await foreach (var record in Records(ct))
        {
            count++;
            if (record.Key is null || record.Key == last)
                continue;
            last = record.Key;
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(record.Key));
            if (!seen.TryAdd(new UInt128(BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8)), record.Line))
                throw new CrmException(
                    $"line {record.Line}: its {string.Join(" and ", kind.Together)} stood in earlier lines already, with others between; "
                        + "records that belong together must follow one another (sort the file)"
                );
        }
        return count;
    }

    /// <exception cref="CrmException">The file cannot be decoded.</exception>
    public async IAsyncEnumerable<ImportRecord> Records([EnumeratorCancellation] CancellationToken ct)
    {
        await using var file = File.OpenRead(path);
        await using var inflated = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : null;
        var lines = new TextLines(new DecodedText(inflated ?? (Stream)file, _encoding), 1_000_000);
        var records = (IsCsv ? OfCsv(lines, ct) : OfJson(lines, ct)).GetAsyncEnumerator(ct);
        await using var _ = records;
        while (await Next(records))
            yield return records.Current;
    }

    private static async Task<bool> Next(IAsyncEnumerator<ImportRecord> records)
    {
        try
        {
            return await records.MoveNextAsync();
        }
        catch (UndecodableException e)
        {
            throw new CrmException($"{e.Message} Say its charset with --charset: {string.Join(", ", DecodedText.Charsets)}.", e);
        }
    }

    private static async IAsyncEnumerable<ImportRecord> OfJson(TextLines lines, [EnumeratorCancellation] CancellationToken ct)
    {
        while (await lines.Next(ct) is { } line)
            if (line.Text is null)
                throw new CrmException($"line {line.Number} is longer than 1,000,000 characters");
            else if (!string.IsNullOrWhiteSpace(line.Text))
                yield return new(line.Number, line.Text, null, false);
    }

    private async IAsyncEnumerable<ImportRecord> OfCsv(TextLines lines, [EnumeratorCancellation] CancellationToken ct)
    {
        var header = new List<string> { (await lines.Next(ct))?.Text ?? "" };
        if (header[0] is ['s', 'e', 'p', '=', var named])
        {
            separator ??= named;
            header.Add((await lines.Next(ct))?.Text ?? "");
        }
        Header = header;
        var mark = separator ?? _separators.MaxBy(s => header[^1].Count(c => c == s));
        var names = new List<string>();
        _ = CsvFields.Split(header[^1], mark, names);
        var places = kind
            .Together.Select(k => (Name: k, At: names.FindIndex(n => n.Trim().Equals(k, StringComparison.OrdinalIgnoreCase))))
            .ToList();
        // The service refuses a file without a required column. Another one may be missing: a file names customers in one way.
        var keys = places.Any(p => p.At < 0 && kind.Columns.Any(c => c.Name == p.Name && c.Required))
            ? []
            : places.Where(p => p.At >= 0).Select(p => p.At).ToList();
        var records = new CsvRecords(lines, mark, kind.LineBreaks);
        while (await records.Next(ct) is { } record)
        {
            if (record.Text is null)
                throw new CrmException($"line {record.Line} is too long");
            var broken = record.Fields is null || record.Fields.Count != names.Count;
            var key = broken || keys.Count == 0 ? null : string.Join('\n', keys.Select(k => record.Fields![k].Trim()));
            yield return new(record.Line, record.Text, key, broken);
        }
    }
}
