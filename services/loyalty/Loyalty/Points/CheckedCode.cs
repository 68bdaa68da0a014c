using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CrmPlatform.Loyalty.Points;

/// <summary>
/// Random characters and one to check them. No 0, 1, I, L or O, and 31 is prime, so a weighted sum notices every wrong character and every
/// two that changed places.
/// </summary>
static class CheckedCode
{
    const string Alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

    /// <param name="length">With the character that checks the others; at most 30.</param>
    /// <param name="group">In groups of so many, as it is read aloud.</param>
    public static string New(int length, int group)
    {
        var text = RandomNumberGenerator.GetString(Alphabet, length - 1);
        var inverse = Enumerable.Range(1, Alphabet.Length - 1).First(x => length * x % Alphabet.Length == 1);
        return Grouped(text + Alphabet[(Alphabet.Length - Sum(text) % Alphabet.Length) * inverse % Alphabet.Length], group);
    }

    /// <summary>The code as it was issued, however it was typed; null where it cannot be one.</summary>
    public static string? Read(string typed, int length, int group)
    {
        var text = new string([.. Plain(typed).Where(c => c != '-').Select(char.ToUpperInvariant)]);
        return text.Length == length && text.All(Alphabet.Contains) && Sum(text) % Alphabet.Length == 0 ? Grouped(text, group) : null;
    }

    /// <summary>
    /// The characters that were meant, where text is typed by an input method, set by a word processor or copied from a page: full-width
    /// forms are the plain ones (NFKC), all dashes are '-', white space and what is invisible is nothing.
    /// </summary>
    public static string Plain(string typed)
    {
        // No code has characters beyond the first plane, and half of one cannot be normalised.
        if (typed.Any(char.IsSurrogate))
            return typed;
        return new([
            .. typed
                .Normalize(NormalizationForm.FormKC)
                .Select(c => IsDash(c) ? '-' : c)
                .Where(c => !char.IsWhiteSpace(c) && char.GetUnicodeCategory(c) != UnicodeCategory.Format),
        ]);
    }

    // Also what NFKC leaves as it is: hyphen to horizontal bar, and the minus sign.
    static bool IsDash(char c) => c is >= '\u2010' and <= '\u2015' or '\u2212' or '\uFE58' or '\uFE63' or '\uFF0D';

    static string Grouped(string text, int group) => string.Join('-', text.Chunk(group).Select(part => new string(part)));

    static int Sum(string text) => text.Select((c, i) => (i + 1) * Alphabet.IndexOf(c, StringComparison.Ordinal)).Sum();
}
