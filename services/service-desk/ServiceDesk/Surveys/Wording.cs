namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>A text of the survey, in each language in which it is asked.</summary>
/// <param name="Zh">In Chinese.</param>
/// <param name="En">In English.</param>
public sealed record Wording(
    [property: StringLength(500, MinimumLength = 1)] string? Zh = null,
    [property: StringLength(500, MinimumLength = 1)] string? En = null
)
{
    public const string Chinese = "zh",
        English = "en";

    public IReadOnlyList<string> Languages() =>
        [.. new[] { (Chinese, Zh), (English, En) }.Where(text => text.Item2 is not null).Select(text => text.Item1)];

    /// <summary>The text in that language.</summary>
    public string In(string language) => (language == Chinese ? Zh : En) ?? "";
}
