using System.Security.Cryptography;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>
/// 17 random characters and one to check them: 84 bits. No 0, 1, I, L or O, and 31 is prime, so a weighted sum notices every wrong character and every two that
/// changed places.
/// </summary>
public static class CouponCode
{
    const string Alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    const int Drawn = 17;

    /// <summary>In three groups, as it is read aloud: <c>K7QWP3-ZD9XRA-42VHMT</c>.</summary>
    public static string New()
    {
        var text = RandomNumberGenerator.GetString(Alphabet, Drawn);
        text += Alphabet[(Alphabet.Length - Sum(text) % Alphabet.Length) * Inverse % Alphabet.Length];
        return $"{text[..6]}-{text[6..12]}-{text[12..]}";
    }

    /// <summary>The code as it was issued, however it was typed; null where it cannot be one.</summary>
    public static string? Read(string typed)
    {
        var text = new string([.. typed.Where(c => c is not ('-' or ' ')).Select(char.ToUpperInvariant)]);
        return text.Length == Drawn + 1 && text.All(Alphabet.Contains) && Sum(text) % Alphabet.Length == 0 ? $"{text[..6]}-{text[6..12]}-{text[12..]}" : null;
    }

    /// <summary>18 × 19 = 342 = 1 modulo 31.</summary>
    const int Inverse = 19;

    static int Sum(string text) => text.Select((c, i) => (i + 1) * Alphabet.IndexOf(c, StringComparison.Ordinal)).Sum();
}
