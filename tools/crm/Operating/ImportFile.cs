using System.CommandLine;
using System.IO.Compression;
using System.Security.Cryptography;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>
/// Sends a file through the import endpoints, chunk by chunk. The file's content names the import, so a repetition finds what was done.
/// </summary>
public static class ImportFile
{
    private const int Chunk = 500;
    private const int Shown = 20;

    public static readonly Argument<string> Kind = new("kind") { Description = "customers, purchases or programme" };
    public static readonly Argument<string> File = new("file") { Description = "rows as JSON, one a line; or CSV with a header" };
    public static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "say what would be imported and change nothing (programme)",
    };

    public static async Task<int> Run(Call call, CancellationToken ct)
    {
        var (kind, file) = (call.Arguments.GetValue(Kind)!, call.Arguments.GetValue(File)!);
        if (kind is not ("customers" or "purchases" or "programme"))
            throw new CrmException("customers, purchases or a programme can be imported");
        var (programme, dry) = (kind == "programme", call.Arguments.GetValue(DryRun));
        if (dry && !programme)
            throw new CrmException("only a programme can be imported as a dry run");
        if (!System.IO.File.Exists(file))
            throw new CrmException($"there is no file {file}");
        var name = Convert.ToHexStringLower(SHA256.HashData(await System.IO.File.ReadAllBytesAsync(file, ct)))[..16];
        using var lines = Open(file);
        var csv = file.Contains(".csv", StringComparison.OrdinalIgnoreCase);
        var header = csv ? await lines.ReadLineAsync(ct) : null;
        using var api = await Api.As(Client.Demo, call.Instance, call.Secrets, ct);
        var count = new ImportCount();
        var sent = 0;
        foreach (var (rows, n) in Chunks(Records(lines, csv), programme && csv).Select((rows, n) => (rows, n)))
        {
            // A programme is one import however it is sent: its members tell the rows apart.
            var path = programme
                ? $"/api/loyalty/imports/{name}{(dry ? "?dryRun=true" : "")}"
                : $"/api/customers/imports/{name}-{n}/{kind}";
            await foreach (
                var line in api.Import(path, header is null ? rows : [header, .. rows], ct, csv ? "text/csv" : "application/x-ndjson")
            )
            {
                count = count.With(line);
                if (line["status"]?.GetValue<string>() == "refused" && count.Refused <= Shown)
                    Console.WriteLine(
                        $"row {sent + line["row"]!.GetValue<long>()}: {line["error"]?.ToJsonString(Look.Readable)}"
                            + $"{(line["field"] is { } field ? $" {field}" : "")}{(line["detail"] is { } detail ? $": {detail}" : "")}"
                    );
            }
            sent += rows.Length;
            if (programme && n % 20 == 19)
                Console.WriteLine($"{kind}: {count with { FirstRefusal = null }} so far");
        }
        AnsiConsole.WriteLine($"{kind}{(dry ? ", dry run" : "")}: {count with { FirstRefusal = null }}");
        return count.Refused == 0 ? 0 : 1;
    }

    /// <param name="together">Records with the same first column are never torn apart.</param>
    public static IEnumerable<string[]> Chunks(IEnumerable<string> records, bool together)
    {
        var (chunk, last) = (new List<string>(Chunk), (string?)null);
        foreach (var record in records)
        {
            var first = together ? record.Split(',', 2)[0] : null;
            if (chunk.Count >= Chunk && (!together || first != last))
            {
                yield return [.. chunk];
                chunk.Clear();
            }
            chunk.Add(record);
            last = first;
        }
        if (chunk.Count > 0)
            yield return [.. chunk];
    }

    private static StreamReader Open(string path) =>
        new(
            path.EndsWith(".gz", StringComparison.Ordinal)
                ? new GZipStream(System.IO.File.OpenRead(path), CompressionMode.Decompress)
                : System.IO.File.OpenRead(path)
        );

    /// <summary>A quoted CSV field may hold line ends: such lines are one record.</summary>
    public static IEnumerable<string> Records(TextReader lines, bool csv)
    {
        var record = "";
        while (lines.ReadLine() is { } line)
        {
            record = record.Length == 0 ? line : record + "\n" + line;
            if (csv && record.Count(c => c == '"') % 2 != 0)
                continue;
            if (record.Length > 0)
                yield return record;
            record = "";
        }
        if (record.Length > 0)
            yield return record;
    }
}
