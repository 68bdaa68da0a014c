using CrmPlatform.Csv;

namespace CrmPlatform.ServiceDefaults;

/// <summary>The header of a CSV file: which declared column is where. Names are compared without regard to case.</summary>
public sealed class CsvHeader
{
    static readonly char[] separators = [',', ';', '\t', '|'];

    readonly Dictionary<Column, int> places = [];

    public char Separator { get; private init; }

    /// <summary>How many fields each record must have.</summary>
    public int Width { get; private init; }

    public int? IndexOf(Column column) => places.TryGetValue(column, out var at) ? at : null;

    /// <param name="separator">Null: it is found from the header.</param>
    /// <param name="ignoreUnknown">Columns that are not declared are left out; otherwise they refuse the file.</param>
    /// <exception cref="HeaderException">The file is refused.</exception>
    internal static async Task<CsvHeader> Read(
        TextLines lines,
        IReadOnlyList<Column> columns,
        char? separator,
        bool ignoreUnknown,
        CancellationToken ct
    )
    {
        var text = (await lines.Next(ct))?.Text;
        // A line that spreadsheets write and read: it names the separator.
        if (text is ['s' or 'S', 'e' or 'E', 'p' or 'P', '=', var named])
            (separator, text) = (separator ?? named, (await lines.Next(ct))?.Text);
        if (string.IsNullOrWhiteSpace(text))
            throw new HeaderException("The file begins with no header", columns);
        var found = separator ?? separators.MaxBy(s => text.Count(c => c == s));
        var names = new List<string>();
        if (CsvFields.Split(text, found, names) != CsvFields.Fault.None)
            throw new HeaderException("The header is not CSV: a quote is not closed, or stands inside a field", columns);
        var header = new CsvHeader { Separator = found, Width = names.Count };
        var unknown = new List<string>();
        for (var at = 0; at < names.Count; at++)
        {
            var name = Keys.Normal(names[at]);
            if (columns.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } column)
                unknown.Add(
                    name.Length == 0 ? "(a column without a name)"
                    : name.Length <= 60 ? name
                    : name[..60] + "…"
                );
            else if (!header.places.TryAdd(column, at))
                throw new HeaderException($"The column {column.Name} occurs twice", columns);
        }
        if (unknown.Count > 0 && !ignoreUnknown)
            throw new HeaderException($"Unknown columns: {string.Join(", ", unknown.Take(20))}", columns);
        if (columns.Where(c => c.Required && header.IndexOf(c) is null).Select(c => c.Name).ToList() is { Count: > 0 } missing)
            throw new HeaderException($"Required columns are missing: {string.Join(", ", missing)}", columns);
        return header;
    }
}

/// <summary>The header of a CSV file refuses the whole file.</summary>
public sealed class HeaderException(string what, IReadOnlyList<Column> columns)
    : Exception(
        $"{what}. The columns of this import are {string.Join(", ", columns.Select(c => c.Required ? c.Name + " (required)" : c.Name))}."
    );
