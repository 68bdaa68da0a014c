using System.Security.Cryptography;

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
        var text = new string([.. typed.Where(c => c is not ('-' or ' ')).Select(char.ToUpperInvariant)]);
        return text.Length == length && text.All(Alphabet.Contains) && Sum(text) % Alphabet.Length == 0 ? Grouped(text, group) : null;
    }

    static string Grouped(string text, int group) => string.Join('-', text.Chunk(group).Select(part => new string(part)));

    static int Sum(string text) => text.Select((c, i) => (i + 1) * Alphabet.IndexOf(c, StringComparison.Ordinal)).Sum();
}
