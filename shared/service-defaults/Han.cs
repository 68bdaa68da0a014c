using System.Collections.Concurrent;
using System.Text;
using Icu;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Chinese characters by the system's ICU: traditional to simplified, and to pinyin without tones. ICU is asked once for each character
/// and its answer is kept, so no instance of it is used by two callers at once.
/// </summary>
public static class Han
{
    static readonly Lock gate = new();
    static readonly Lazy<Transliterator> simplifier = new(() => Transliterator.CreateInstance("Traditional-Simplified"));
    static readonly Lazy<Transliterator> reader = new(() => Transliterator.CreateInstance("Han-Latin; Latin-ASCII; Lower"));
    static readonly ConcurrentDictionary<Rune, string> simplified = [];
    static readonly ConcurrentDictionary<Rune, string> readings = [];

    public static bool Is(Rune rune) =>
        rune.Value is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x323AF);

    public static bool IsIn(string text) => text.EnumerateRunes().Any(Is);

    /// <summary>Each traditional character as its simplified one; everything else stays.</summary>
    public static string Simplified(string text) => Each(text, simplified, simplifier);

    /// <summary>The reading of each character, one after the other; everything else stays. A surname may be read otherwise.
    /// </summary>
    public static string Pinyin(string text) => Each(text, readings, reader);

    static string Each(string text, ConcurrentDictionary<Rune, string> known, Lazy<Transliterator> by)
    {
        if (!IsIn(text))
            return text;
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            result.Append(Is(rune) ? known.GetOrAdd(rune, Ask, by) : rune.ToString());
        return result.ToString();
    }

    static string Ask(Rune rune, Lazy<Transliterator> by)
    {
        lock (gate)
            return by.Value.Transliterate(rune.ToString());
    }
}
