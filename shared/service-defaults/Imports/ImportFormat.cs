namespace CrmPlatform.ServiceDefaults;

/// <summary>What an import reads: its columns, which rows belong together, and what the same key with another content means.</summary>
public abstract class ImportFormat
{
    /// <summary>Its name for <c>./crm import</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its route below <c>/api/{room}</c>.</summary>
    public required string Route { get; init; }

    /// <summary>What a row of it is: a sentence for docs/imports.md.</summary>
    public required string Meaning { get; init; }

    /// <summary>By what a row is found again, and what another content under that key means: for docs/imports.md.</summary>
    public required string Identity { get; init; }

    public required IReadOnlyList<Column> Columns { get; init; }

    /// <summary>Records that agree in these columns and follow one another are one row; empty where each record is a row.</summary>
    public IReadOnlyList<Column> Together { get; init; } = [];

    /// <summary>Columns in which the records of one row must agree, too.</summary>
    public IReadOnlyList<Column> Alike { get; init; } = [];

    /// <summary>How many records a row may have.</summary>
    public int MostRecords { get; init; } = 1;

    /// <summary>The template's second record, where a row has several: its cells by column.</summary>
    public IReadOnlyDictionary<Column, string> SecondExample { get; init; } = new Dictionary<Column, string>();
}

/// <inheritdoc/>
public sealed class ImportFormat<T> : ImportFormat
    where T : class
{
    /// <summary>Makes a row out of its records, of which there is at least one.</summary>
    public required Func<IReadOnlyList<CsvRow>, T> Read { get; init; }

    /// <summary>
    /// The lists of a row, each with the records that its elements are read from, in their order: a refusal of an element names its line.
    /// </summary>
    public Func<IReadOnlyList<CsvRow>, IEnumerable<(string List, IEnumerable<CsvRow> Records)>> Elements { get; init; } = _ => [];

    /// <summary>
    /// The column that a refusal is about, where the field that it names is not called so: a row that is one object with parts has
    /// columns for them.
    /// </summary>
    public Func<IReadOnlyList<CsvRow>, RowResult, string?> ColumnOf { get; init; } = (_, _) => null;

    /// <summary>By whose clocks a record's times without an offset are; null where it is not known: they are refused.</summary>
    public Func<CsvRow, IServiceProvider, CancellationToken, ValueTask<TimeZoneInfo?>>? Clock { get; init; }

    /// <summary>How much work a row is, 1 by default: a chunk, which is one transaction, has a weight of 10,000 at most.</summary>
    public Func<T, int> Weight { get; init; } = _ => 1;
}
