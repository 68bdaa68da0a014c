namespace CrmPlatform.ServiceDesk.Feedback;

/// <summary>Finds themes by their phrases.</summary>
public sealed class ThemeRules(IReadOnlyList<Theme> themes)
{
    readonly (string Code, FeedbackText[] Phrases)[] rules =
    [
        .. themes.Select(t => (t.Code, t.Phrases.Select(p => new FeedbackText(p)).ToArray())),
    ];

    /// <returns>The codes of the themes that the text is about, in the order of the codebook; none if no rule fits.</returns>
    public string[] ThemesOf(string text)
    {
        var read = new FeedbackText(text);
        return [.. rules.Where(r => r.Phrases.Any(read.Says)).Select(r => r.Code)];
    }
}
