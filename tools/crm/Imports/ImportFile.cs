using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>
/// Sends a file through an import endpoint, chunk by chunk. The file's content names the import, so a repetition finds what was done.
/// </summary>
public static class ImportFile
{
    private const int Chunk = 500;
    private const int Shown = 100;
    private static readonly JsonSerializerOptions _oneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly Argument<string> Kind = new("kind")
    {
        Description = $"{string.Join(", ", ImportKind.All.Select(k => k.Kind))}, or template",
    };
    public static readonly Argument<string> File = new("file")
    {
        Description = "rows as JSON, one a line (NDJSON), or CSV with a header, if the name holds .csv; also .gz. After template: a kind",
    };
    public static readonly Option<bool> DryRun = new("--dry-run") { Description = "say what would be imported and change nothing" };
    public static readonly Option<string?> Charset = new("--charset") { Description = "of the file, utf-8 when left out" };
    public static readonly Option<string?> Separator = new("--separator") { Description = "of CSV, found from the header when left out" };
    public static readonly Option<bool> IgnoreUnknown = new("--ignore-unknown")
    {
        Description = "leave out columns that are not known; otherwise they refuse the file",
    };
    public static readonly Option<string?> Id = new("--id")
    {
        Description = "the name of the import, by which its facts are told apart; made from the content when left out",
    };
    public static readonly Option<string?> Results = new("--results")
    {
        Description = "the file for the result of each row; in the run directory when left out",
    };

    public static async Task<int> Run(Call call, CancellationToken ct)
    {
        var (name, file) = (call.Arguments.GetValue(Kind)!, call.Arguments.GetValue(File)!);
        if (name == "template")
        {
            Console.Write(ImportKind.Named(file).Template());
            return 0;
        }
        var kind = ImportKind.Named(name);
        if (!System.IO.File.Exists(file))
            throw new CrmException($"there is no file {file}");
        if (call.Arguments.GetValue(Separator) is { Length: not 1 } wrong)
            throw new CrmException($"--separator is '{wrong}'; expected is one character");
        var source = new ImportSource(file, kind, call.Arguments.GetValue(Charset), call.Arguments.GetValue(Separator)?[0]);
        var records = await source.Check(ct);
        var id = call.Arguments.GetValue(Id) ?? await source.Name(ct);
        using var api = await Api.As(Client.Demo, call.Instance, call.Secrets, ct);
        var path = call.Arguments.GetValue(Results) ?? Path.Combine(call.Instance.Run, "imports", $"{kind.Kind}-{id}.ndjson");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        await using var results = new StreamWriter(path);
        var (count, shown, sent) = (new ImportCount(), 0, 0L);
        await foreach (var chunk in Chunks(source.Records(ct)))
        {
            await foreach (var line in Send(api, source, chunk, Address(kind, id, call), ct))
            {
                count = count.With(line);
                await results.WriteLineAsync(line.ToJsonString(_oneLine));
                if (line["status"]?.GetValue<string>() == "refused" && ++shown <= Shown)
                    Console.WriteLine(Said(line));
            }
            sent += chunk.Count;
            if (sent < records && sent / 10_000 != (sent - chunk.Count) / 10_000)
                Console.WriteLine($"{kind.Kind}: {count with { FirstRefusal = null }} so far, {sent:N0} of {records:N0} records sent");
        }
        if (shown > Shown)
            Console.WriteLine($"… and {shown - Shown:N0} more");
        AnsiConsole.WriteLine(
            $"{kind.Kind}{(call.Arguments.GetValue(DryRun) ? ", dry run" : "")}: {count with { FirstRefusal = null }}; results in {path}"
        );
        return count.Refused == 0 ? 0 : 1;
    }

    private static string Address(ImportKind kind, string id, Call call) =>
        kind.Path.Replace("{importId}", Uri.EscapeDataString(id), StringComparison.Ordinal)
        + $"?dryRun={(call.Arguments.GetValue(DryRun) ? "true" : "false")}"
        + $"&ignoreUnknown={(call.Arguments.GetValue(IgnoreUnknown) ? "true" : "false")}"
        + (call.Arguments.GetValue(Separator) is { } separator ? $"&separator={Uri.EscapeDataString(separator)}" : "");

    /// <summary>Sends a chunk, and gives its results with the lines of the file instead of those of the chunk.</summary>
    private static async IAsyncEnumerable<JsonNode> Send(
        Api api,
        ImportSource source,
        IReadOnlyList<ImportRecord> chunk,
        string address,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        var (lines, next) = (new Dictionary<long, long>(), source.Header.Count + 1L);
        foreach (var record in chunk)
        {
            lines[next] = record.Line;
            next += 1 + record.Text.Count(c => c == '\n');
        }
        var type = source.IsCsv ? "text/csv" : "application/x-ndjson";
        await foreach (var result in api.Import(address, [.. source.Header, .. chunk.Select(r => r.Text)], ct, type))
        {
            result["row"] = lines.GetValueOrDefault(result["row"]!.GetValue<long>());
            if (result["line"]?.GetValue<long>() is { } line)
                result["line"] = lines.GetValueOrDefault(line);
            yield return result;
        }
    }

    /// <summary>Records that belong together, and a broken one and its neighbours, are sent together.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<ImportRecord>> Chunks(IAsyncEnumerable<ImportRecord> records)
    {
        var chunk = new List<ImportRecord>(Chunk);
        await foreach (var record in records)
        {
            if (chunk.Count >= Chunk && !record.Broken && !chunk[^1].Broken && (record.Key is null || record.Key != chunk[^1].Key))
            {
                yield return chunk;
                chunk = new(Chunk);
            }
            chunk.Add(record);
        }
        if (chunk.Count > 0)
            yield return chunk;
    }

    private static string Said(JsonNode line)
    {
        string Text(string name, string before, string after) => line[name]?.GetValue<string>() is { } text ? before + text + after : "";
        return $"line {line["line"] ?? line["row"]}: {Text("error", "", "")}{Text("field", " (", ")")}{Text("detail", ": ", "")}";
    }
}
