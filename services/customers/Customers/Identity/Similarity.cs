namespace CrmPlatform.Customers.Identity;

/// <summary>How alike two texts are.</summary>
public static class Similarity
{
    /// <summary>
    /// Jaro-Winkler, 0 to 1: Jaro's share of common characters in about the same place, with a tenth of what is missing for each of up to
    /// four equal first characters where it is above 0.7 (Winkler 1990). The order of the texts does not matter.
    /// </summary>
    public static double JaroWinkler(string one, string other)
    {
        if (one == other)
            return 1;
        if (one.Length == 0 || other.Length == 0)
            return 0;
        // Characters are paired from the left, which can differ by the text that one begins with.
        var (a, b) = string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);
        var jaro = Jaro(a, b);
        if (jaro <= 0.7)
            return jaro;
        var prefix = 0;
        while (prefix < Math.Min(4, Math.Min(a.Length, b.Length)) && a[prefix] == b[prefix])
            prefix++;
        return jaro + prefix * 0.1 * (1 - jaro);
    }

    static double Jaro(string a, string b)
    {
        var reach = Math.Max(0, Math.Max(a.Length, b.Length) / 2 - 1);
        var taken = new bool[b.Length];
        var common = new List<char>();
        for (var i = 0; i < a.Length; i++)
        for (var j = Math.Max(0, i - reach); j < Math.Min(b.Length, i + reach + 1); j++)
            if (!taken[j] && a[i] == b[j])
            {
                taken[j] = true;
                common.Add(a[i]);
                break;
            }
        if (common.Count == 0)
            return 0;
        var inOther = b.Where((_, j) => taken[j]);
        var transposed = common.Zip(inOther).Count(pair => pair.First != pair.Second) / 2;
        double m = common.Count;
        return (m / a.Length + m / b.Length + (m - transposed) / m) / 3;
    }

    /// <summary>
    /// The fewest insertions, deletions, replacements and swaps of neighbours between two texts, where no part is changed twice (optimal
    /// string alignment).
    /// </summary>
    public static int Edits(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        for (var j = 1; j <= b.Length; j++)
        {
            var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            rows[i, j] = Math.Min(replaced, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
        }
        return rows[a.Length, b.Length];
    }
}
