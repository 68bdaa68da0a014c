using System.Text;

namespace CrmPlatform.Csv;

/// <summary>One record of a CSV file.</summary>
/// <param name="Line">The line of the file at which it begins, from 1.</param>
/// <param name="Fields">Its fields as they stand; null if it was not understood.</param>
/// <param name="Fault">Why it was not understood.</param>
/// <param name="Text">The record as it stands, without the end of its last line; null where its line was too long.</param>
public readonly record struct CsvRecord(long Line, IReadOnlyList<string>? Fields, string? Fault, string? Text);

/// <summary>
/// Reads the records of an untrusted CSV file. A record that is not understood ends with its own line, so that one open quote does not
/// swallow the rows after it.
/// </summary>
/// <param name="lineBreaks">Whether a quoted field may contain line breaks. Otherwise a record is a line.</param>
public sealed class CsvRecords(TextLines lines, char separator, bool lineBreaks)
{
    public const int MostCharacters = 200_000;

    /// <summary>Null at the end of the file. Empty lines are skipped.</summary>
    public async ValueTask<CsvRecord?> Next(CancellationToken ct)
    {
        while (await lines.Next(ct) is { } line)
        {
            if (line.Text is null)
                return new(line.Number, null, $"A line has at most {MostCharacters} characters.", null);
            if (string.IsNullOrWhiteSpace(line.Text))
                continue;
            var fields = new List<string>();
            var fault = CsvFields.Split(line.Text, separator, fields);
            var record = line.Text;
            if (fault == CsvFields.Fault.Open && lineBreaks)
                (fault, record) = await Continued(line.Text, fields, ct);
            return fault == CsvFields.Fault.None ? new(line.Number, fields, null, record) : new(line.Number, null, Said(fault), line.Text);
        }
        return null;
    }

    async ValueTask<(CsvFields.Fault Fault, string Record)> Continued(string first, List<string> fields, CancellationToken ct)
    {
        var (record, more) = (new StringBuilder(first), new List<TextLine>());
        var (fault, open) = (CsvFields.Fault.Open, true);
        while (open && await lines.Next(ct) is { } line)
        {
            more.Add(line);
            if (line.Text is null || record.Length + line.Text.Length >= MostCharacters)
                break;
            record.Append('\n').Append(line.Text);
            // An open field ends where the number of quotes becomes even.
            open = line.Text.Count(c => c == '"') % 2 == 0;
            if (!open)
                fault = CsvFields.Split(record.ToString(), separator, fields);
        }
        if (fault != CsvFields.Fault.None)
            lines.GiveBack(more);
        return (fault, record.ToString());
    }

    string Said(CsvFields.Fault fault) =>
        fault switch
        {
            CsvFields.Fault.Open when lineBreaks => $"A quote is opened and not closed within {MostCharacters} characters.",
            CsvFields.Fault.Open => "A quote is opened and not closed in its line.",
            CsvFields.Fault.QuoteInside => "A field with a quote in it must be quoted as a whole, and the quote doubled: \"12\"\" pipe\".",
            _ => "A closing quote must be followed by the separator or the end of the line.",
        };
}
