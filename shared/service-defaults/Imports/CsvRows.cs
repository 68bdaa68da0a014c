using System.Runtime.CompilerServices;
using CrmPlatform.Csv;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Reads the rows of a CSV file by the format of its import.</summary>
/// <remarks>
/// A record that is not understood has no key: it may belong to the row before it or to the one after it. Both are refused, because a row
/// without one of its records would be recorded as a smaller one.
/// </remarks>
sealed class CsvRows<T>(CsvRecords records, CsvHeader header, ImportFormat<T> format, IServiceProvider services)
    where T : class
{
    readonly List<CsvRow> group = [];
    string? key;
    long? doubt;
    long tooMany;
    int characters;

    public async IAsyncEnumerable<Row<T>> Read([EnumeratorCancellation] CancellationToken ct)
    {
        while (await records.Next(ct) is { } record)
        {
            var fault = record.Fields is { } fields
                ? fields.Count == header.Width
                    ? null
                    : $"The record has {fields.Count} fields, the header {header.Width}."
                : record.Fault;
            if (fault is not null)
            {
                doubt = record.Line;
                if (Finished() is { } before)
                    yield return before;
                if (format.Together.Count > 0)
                    doubt = record.Line;
                yield return ImportRow.Refuse<T>(record.Line, "invalid-request", fault);
                continue;
            }
            var row = new CsvRow(record.Line, header, record.Fields!);
            if (format.Clock is { } clock)
                row = new(record.Line, header, record.Fields!) { Zone = await clock(row, services, ct) };
            var own = format.Together.Count == 0 ? null : string.Join('\n', format.Together.Select(row.Cell));
            if ((own is null || own != key) && Finished() is { } finished)
                yield return finished;
            key = own;
            characters += record.Fields!.Sum(f => f.Length);
            if (group.Count < format.MostRecords && characters <= Upload.LongestRow)
                group.Add(row);
            else if (tooMany == 0)
                tooMany = row.Line;
        }
        if (Finished() is { } last)
            yield return last;
    }

    /// <summary>The row that ends here, if there is one.</summary>
    Row<T>? Finished()
    {
        if (group.Count == 0)
            return null;
        var row = Of(group);
        group.Clear();
        (key, doubt, tooMany, characters) = (null, null, 0, 0);
        return row;
    }

    Row<T> Of(IReadOnlyList<CsvRow> rows)
    {
        var first = rows[0];
        if (doubt is not null && format.Together.Count > 0)
            return ImportRow.Refuse<T>(
                first.Line,
                "invalid-request",
                "A line that may belong to this row was not understood.",
                line: doubt
            );
        if (tooMany > 0)
            return ImportRow.Refuse<T>(
                first.Line,
                "too-large",
                $"A row has at most {format.MostRecords} records and {Upload.LongestRow} characters.",
                line: tooMany
            );
        try
        {
            foreach (var row in rows)
            foreach (var column in format.Columns)
            {
                if (column.Required && row.Cell(column) is null)
                    throw new CellException(row.Line, column, null);
                if (format.Alike.Contains(column) && row.Cell(column) != first.Cell(column))
                    return ImportRow.Refuse<T>(
                        first.Line,
                        "contradiction",
                        $"{column.Name} is not as in the row's first line.",
                        column.Name,
                        row.Line
                    );
            }
            CsvRow[] kept = [.. rows];
            return new(first.Line, format.Read(rows), null)
            {
                Characters = characters,
                ColumnOf = refused => format.ColumnOf(kept, refused),
                Lines = format.Elements(rows).ToDictionary(e => e.List, e => e.Records.Select(r => r.Line).ToArray()),
            };
        }
        catch (CellException e)
        {
            return ImportRow.Refuse<T>(first.Line, "invalid-request", e.Message, e.Column.Name, e.Line);
        }
    }
}
