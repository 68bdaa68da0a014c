using System.Text;

namespace CrmPlatform.ServiceDefaults;

/// <summary>A record of a CSV file, read by the declared columns.</summary>
/// <param name="line">The line of the file at which it begins, from 1; the header is line 1.</param>
public sealed class CsvRow(long line, CsvHeader header, IReadOnlyList<string> fields)
{
    public long Line => line;

    /// <summary>By whose clocks the row's times without an offset are; null where that is not known.</summary>
    internal TimeZoneInfo? Zone { get; init; }

    /// <exception cref="CellException">The cell is empty, or not what the column expects.</exception>
    public T Of<T>(Column<T> column) =>
        Cell(column) is not { } cell ? throw new CellException(line, column, null)
        : column.TryRead(cell, out var value) ? value
        : throw new CellException(line, column, cell);

    /// <summary>An instant with an offset, or a time of the row's zone where that is known.</summary>
    /// <exception cref="CellException">The cell is empty, is neither, or is a time that the zone's clocks never show, or twice.</exception>
    public DateTimeOffset Of(Column<DateTimeOffset> column)
    {
        if (Zone is null || Cell(column) is not { } cell || column.TryRead(cell, out _))
            return Of<DateTimeOffset>(column);
        return LocalTime.TryParse(cell, Zone, out var instant, out var fault)
            ? instant
            : throw new CellException(line, column, cell, fault ?? LocalTime.Expected(Zone));
    }

    /// <summary>Null where the cell is empty or the column is not in the file.</summary>
    public T? Maybe<T>(Column<T> column)
        where T : struct => Cell(column) is null ? null : Of(column);

    /// <inheritdoc cref="Maybe{T}"/>
    public DateTimeOffset? Maybe(Column<DateTimeOffset> column) => Cell(column) is null ? null : Of(column);

    /// <inheritdoc cref="Maybe{T}"/>
    public string? Maybe(Column<string> column) => Cell(column) is null ? null : Of(column);

    /// <inheritdoc cref="Maybe{T}"/>
    public string[]? Maybe(Column<string[]> column) => Cell(column) is null ? null : Of(column);

    /// <summary>Trimmed, in Unicode's composed form (NFC); null if there is none.</summary>
    public string? Cell(Column column) => header.IndexOf(column) is { } at && Keys.Normal(fields[at]) is { Length: > 0 } cell ? cell : null;
}

/// <summary>A cell is not what its column expects.</summary>
/// <param name="expected">What a cell of this record must be, where the column as such allows more.</param>
public sealed class CellException(long line, Column column, string? came, string? expected = null)
    : Exception(
        $"{column.Name} must be {expected ?? column.Expected}"
            + (came is null ? "; it is empty." : $", not '{(came.Length <= 40 ? came : came[..40] + "…")}'.")
    )
{
    public Column Column => column;
    public long Line => line;
}
