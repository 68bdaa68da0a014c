using System.Text;

namespace CrmPlatform.ServiceDesk.Feedback;

/// <summary>
/// A text as the rules read it: compatibility forms folded (NFKC), lower case, traditional characters simplified; then each Chinese
/// character alone, each run of other letters and digits as a word, and punctuation as an end of what a word before it reaches.
/// </summary>
public sealed class FeedbackText
{
    const string Stop = "";
    const int NegationReaches = 3;
    static readonly HashSet<string> negations = ["不", "没", "无", "别"];

    readonly List<string> words = [];

    public FeedbackText(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in Han.Simplified(text.Normalize(NormalizationForm.FormKC).ToLowerInvariant()).EnumerateRunes())
        {
            var han = Han.Is(rune);
            if (!han && Rune.IsLetterOrDigit(rune))
            {
                word.Append(rune);
                continue;
            }
            End(word);
            if (han)
                words.Add(rune.ToString());
            else if (!Rune.IsWhiteSpace(rune) && rune.Value != '\'' && words is not [.., Stop])
                words.Add(Stop);
        }
        End(word);
    }

    /// <summary>
    /// Whether the phrase is in the text. A Chinese one is not if one of 不, 没, 无, 别 stands among the three characters before it, without
    /// punctuation between them.
    /// </summary>
    public bool Says(FeedbackText phrase)
    {
        var sought = phrase.words;
        for (var at = 0; at + sought.Count <= words.Count; at++)
            if (sought.Count > 0 && sought.Index().All(w => words[at + w.Index] == w.Item) && !IsNegated(at, sought[0]))
                return true;
        return false;
    }

    bool IsNegated(int at, string first) =>
        Han.IsIn(first) && words.Take(at).Reverse().Take(NegationReaches).TakeWhile(w => w != Stop).Any(negations.Contains);

    void End(StringBuilder word)
    {
        if (word.Length == 0)
            return;
        words.Add(word.ToString());
        word.Clear();
    }
}
