using System.Text.Json;

namespace CrmPlatform.Crm;

/// <summary>
/// What can be imported, as docs/imports.json says it: that file is written from the declarations that the services read imports by.
/// </summary>
public sealed record ImportKind(
    string Kind,
    string Path,
    IReadOnlyList<ImportKind.Column> Columns,
    IReadOnlyList<string> Together,
    bool LineBreaks,
    IReadOnlyDictionary<string, string> SecondExample
)
{
    public sealed record Column(string Name, bool Required, string Example);

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true };

    public static IReadOnlyList<ImportKind> All { get; } = Read();

    /// <exception cref="CrmException">There is no such kind.</exception>
    public static ImportKind Named(string kind) =>
        All.FirstOrDefault(k => k.Kind == kind)
        ?? throw new CrmException($"'{kind}' cannot be imported; expected is one of {string.Join(", ", All.Select(k => k.Kind))}");

    /// <summary>A CSV file with the header and examples.</summary>
    public string Template()
    {
        string Line(Func<Column, string> cell) => string.Join(',', Columns.Select(c => Quoted(cell(c))));
        var rows = new List<string> { Line(c => c.Name), Line(c => c.Example) };
        if (SecondExample.Count > 0)
            rows.Add(Line(c => SecondExample.GetValueOrDefault(c.Name) ?? c.Example));
        return string.Join('\n', rows) + "\n";
    }

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny("\",\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static ImportKind[] Read()
    {
        using var file = typeof(ImportKind).Assembly.GetManifestResourceStream("imports.json")!;
        return JsonSerializer.Deserialize<ImportKind[]>(file, _json)!;
    }
}
