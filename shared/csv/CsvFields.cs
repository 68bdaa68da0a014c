using System.Text;

namespace CrmPlatform.Csv;

/// <summary>
/// Splits a record into its fields, strictly by RFC 4180: a quote begins a field or does not occur, and its end is followed by a separator.
/// </summary>
public static class CsvFields
{
    /// <summary>What is wrong with a record; <see cref="Open"/> may end in a later line.</summary>
    public enum Fault
    {
        None,
        Open,
        QuoteInside,
        AfterQuote,
    }

    /// <param name="fields">Emptied, then filled.</param>
    public static Fault Split(string record, char separator, List<string> fields)
    {
        fields.Clear();
        var at = 0;
        while (true)
        {
            if (at < record.Length && record[at] == '"')
            {
                var end = EndOfQuoted(record, at, out var field);
                if (end < 0)
                    return Fault.Open;
                if (end < record.Length && record[end] != separator)
                    return Fault.AfterQuote;
                fields.Add(field);
                at = end;
            }
            else
            {
                var end = record.IndexOf(separator, at);
                if (end < 0)
                    end = record.Length;
                if (record.AsSpan(at, end - at).Contains('"'))
                    return Fault.QuoteInside;
                fields.Add(record[at..end]);
                at = end;
            }
            if (at >= record.Length)
                return Fault.None;
            at++;
        }
    }

    /// <summary>The place after the closing quote; -1 if there is none.</summary>
    static int EndOfQuoted(string record, int open, out string field)
    {
        field = "";
        StringBuilder? escaped = null;
        for (var from = open + 1; ; )
        {
            var quote = record.IndexOf('"', from);
            if (quote < 0)
                return -1;
            if (quote + 1 < record.Length && record[quote + 1] == '"')
            {
                (escaped ??= new()).Append(record, from, quote + 1 - from);
                from = quote + 2;
                continue;
            }
            field = escaped is null ? record[from..quote] : escaped.Append(record, from, quote - from).ToString();
            return quote + 1;
        }
    }
}
