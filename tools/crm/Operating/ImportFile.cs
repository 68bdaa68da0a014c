using System.CommandLine;
using System.IO.Compression;
using System.Security.Cryptography;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>Sends a file through the import endpoints, chunk by chunk. The file's content names the import, so a repetition finds what was done.</summary>
public static class ImportFile
{
    private const int Chunk = 500;
    private const int Shown = 20;

    public static readonly Argument<string> Kind = new("kind") { Description = "customers or purchases" };
    public static readonly Argument<string> File = new("file") { Description = "rows as JSON, one a line; or CSV with a header" };

    public static async Task<int> Run(Call call, CancellationToken ct)
    {
        var (kind, path) = (call.Arguments.GetValue(Kind)!, call.Arguments.GetValue(File)!);
        if (kind is not ("customers" or "purchases")) throw new CrmException("customers or purchases can be imported");
        if (!System.IO.File.Exists(path)) throw new CrmException($"there is no file {path}");
        var name = Convert.ToHexStringLower(SHA256.HashData(await System.IO.File.ReadAllBytesAsync(path, ct)))[..16];
        using var lines = Open(path);
        var csv = path.Contains(".csv", StringComparison.OrdinalIgnoreCase);
        var header = csv ? await lines.ReadLineAsync(ct) : null;
        using var api = await Api.As(Client.Demo, call.Instance, call.Secrets, ct);
        var count = new ImportCount();
        foreach (var (rows, n) in Records(lines, csv).Chunk(Chunk).Select((rows, n) => (rows, n)))
        {
            var at = 0;
            await foreach (var line in api.Import($"/api/customers/imports/{name}-{n}/{kind}", header is null ? rows : [header, .. rows], ct, csv ? "text/csv" : "application/x-ndjson"))
            {
                at++;
                count = count.With(line);
                if (line["status"]?.GetValue<string>() == "refused" && count.Refused <= Shown) Console.WriteLine($"row {(n * Chunk) + at}: {line["error"]?.ToJsonString(Look.Readable)}");
            }
        }
        AnsiConsole.WriteLine($"{kind}: {count with { FirstRefusal = null }}");
        return count.Refused == 0 ? 0 : 1;
    }

    private static StreamReader Open(string path) => new(path.EndsWith(".gz", StringComparison.Ordinal)
        ? new GZipStream(System.IO.File.OpenRead(path), CompressionMode.Decompress) : System.IO.File.OpenRead(path));

    /// <summary>A quoted CSV field may hold line ends: such lines are one record.</summary>
    public static IEnumerable<string> Records(TextReader lines, bool csv)
    {
        var record = "";
        while (lines.ReadLine() is { } line)
        {
            record = record.Length == 0 ? line : record + "\n" + line;
            if (csv && record.Count(c => c == '"') % 2 != 0) continue;
            if (record.Length > 0) yield return record;
            record = "";
        }
        if (record.Length > 0) yield return record;
    }
}
