using System.Globalization;
using System.Text.RegularExpressions;

namespace CrmPlatform.ServiceDefaults;

/// <summary>The result of one row of an import.</summary>
/// <param name="Row">The line of the upload at which the row begins, from 1. The header of a CSV file is line 1.</param>
/// <param name="Status"><c>recorded</c>, <c>unchanged</c> (it was there already), <c>refused</c>, or <c>would-record</c> in a dry
/// run.</param>
/// <param name="Id">Id of what was recorded; null if the row was refused.</param>
/// <param name="Error">Why it was refused: the stable end of a <c>urn:crm:…</c>; null if it was not.</param>
/// <param name="Detail">The same in a sentence.</param>
/// <param name="Field">The field that is wrong, if it is a single one.</param>
/// <param name="Line">The line of the upload that the refusal is about, where it is not the one at which the row begins.</param>
public sealed record RowResult(
    long Row,
    [property: OneOf("recorded", "unchanged", "refused", "would-record")] string Status,
    Guid? Id = null,
    string? Error = null,
    string? Detail = null,
    string? Field = null,
    long? Line = null
)
{
    public static RowResult Refused(long row, string error, string detail, string? field = null, long? line = null) =>
        new(row, "refused", null, error, detail, field, line == row ? null : line);

    /// <summary>What became of the row's write: refused by a rule, recorded, or unchanged where there was nothing to record.</summary>
    public static RowResult Of(long row, WriteResult result) =>
        result.Refused is { } refused
            ? Refused(row, refused.Code, refused.Message, refused.Field)
            : new(row, result.Events.Count > 0 ? "recorded" : "unchanged", result.StreamId);
}

/// <summary>One parsed row: a command, or why it was refused.</summary>
public sealed record Row<T>(long Number, T? Command, RowResult? Refused)
    where T : class
{
    /// <summary>How long it is in the upload.</summary>
    public int Characters { get; init; }

    /// <summary>Of a row of several records: by the name of a list, the lines of the records that its elements were read from.</summary>
    internal IReadOnlyDictionary<string, long[]>? Lines { get; init; }

    /// <summary>Of a row of a CSV file: the column that a refusal is about, where it is not called as the field.</summary>
    internal Func<RowResult, string?>? ColumnOf { get; init; }

    /// <summary>
    /// The result with its place in the upload: a refusal of <c>lines[1].net</c> is about column <c>net</c> of that element's record.
    /// </summary>
    internal RowResult Placed(RowResult result)
    {
        if (result.Field is not null && ColumnOf?.Invoke(result) is { } named)
            return result with { Field = named };
        if (Lines is null || result.Field is not { } field || ImportRow.Element().Match(field) is not { Success: true } element)
            return result;
        var at = int.Parse(element.Groups["at"].ValueSpan, CultureInfo.InvariantCulture);
        if (!Lines.TryGetValue(element.Groups["list"].Value, out var lines) || at >= lines.Length)
            return result;
        return result with
        {
            Field = element.Groups["column"] is { Success: true, Value: var column } ? column : field,
            Line = result.Line ?? (lines[at] == Number ? null : lines[at]),
        };
    }
}

public static partial class ImportRow
{
    public static Row<T> Refuse<T>(long number, string error, string detail, string? field = null, long? line = null)
        where T : class => new(number, null, RowResult.Refused(number, error, detail, field, line));

    /// <summary>An element of a list, or a member of it: <c>lines[1].net</c>.</summary>
    [GeneratedRegex(@"\A(?<list>\w+)\[(?<at>\d{1,6})\](\.(?<column>\w+))?\z")]
    internal static partial Regex Element();
}
