namespace CrmPlatform.ServiceDefaults;

/// <summary>The result of one row of an import.</summary>
/// <param name="Row">Number of the row in the upload, from 1.</param>
/// <param name="Status"><c>recorded</c>, <c>unchanged</c> (it was there already), <c>refused</c>, or <c>would-record</c> in a dry
/// run.</param>
public sealed record RowResult(long Row, string Status, Guid? Id = null, string? Error = null, string? Detail = null, string? Field = null)
{
    public static RowResult Refused(long row, string error, string detail, string? field = null) =>
        new(row, "refused", null, error, detail, field);
}

/// <summary>One parsed row: a command, or why it was refused.</summary>
public sealed record Row<T>(long Number, T? Command, RowResult? Refused)
    where T : class;
