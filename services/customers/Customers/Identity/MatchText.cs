using System.Text;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Identity;

/// <summary>One spelling per text, so that equal things are equal however they are typed (<see cref="Version"/>).</summary>
public static class MatchText
{
    /// <summary>
    /// The version of all normalising for matching. Keys of another version do not meet: after a change rebuild the view
    /// <c>match-index</c>.
    /// </summary>
    public const string Version = "n1";

    /// <summary>
    /// NFKC, simplified characters, lower case; without white space where there are Chinese characters, else with single spaces. Null if
    /// nothing is left.
    /// </summary>
    public static string? Normal(string? text)
    {
        if (text is null)
            return null;
        var folded = Han.Simplified(Names.Folded(text));
        if (Han.IsIn(folded))
            folded = folded.Replace(" ", "", StringComparison.Ordinal);
        return folded.Length == 0 ? null : folded;
    }

    /// <summary>Letters and digits of a normal text only; everything between them is one space, and nothing inside a word like O'Neill.
    /// </summary>
    public static string? Words(string? text)
    {
        if (Normal(text) is not { } normal)
            return null;
        var words = new StringBuilder(normal.Length);
        foreach (var rune in normal.EnumerateRunes())
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark)
                words.Append(rune.ToString());
            else if (rune.Value is not ('\'' or '’' or '.' or '·') && words.Length > 0 && words[^1] != ' ')
                words.Append(' ');
        return words.ToString().TrimEnd() is { Length: > 0 } found ? found : null;
    }
}
