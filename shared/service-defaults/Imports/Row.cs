namespace CrmPlatform.ServiceDefaults;

/// <summary>The result of one row of an import.</summary>
/// <param name="Row">The line of the upload at which the row begins, from 1. The header of a CSV file is line 1.</param>
/// <param name="Status"><c>recorded</c>, <c>unchanged</c> (it was there already), <c>refused</c>, or <c>would-record</c> in a dry
/// run.</param>
/// <param name="Line">The line of the upload that the refusal is about, where it is not the one at which the row begins.</param>
public sealed record RowResult(
    long Row,
    string Status,
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
}

public static class ImportRow
{
    public static Row<T> Refuse<T>(long number, string error, string detail, string? field = null, long? line = null)
        where T : class => new(number, null, RowResult.Refused(number, error, detail, field, line));
}
