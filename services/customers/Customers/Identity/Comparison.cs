namespace CrmPlatform.Customers.Identity;

/// <summary>The share of customers who have this full name, 0 to 1.</summary>
public delegate double NameShare(MatchName name);

/// <summary>
/// One way in which two profiles are compared: a level, best first, and the bits that it adds, which is log2(m/u) (Fellegi and Sunter
/// 1969). A better level never has fewer bits.
/// </summary>
/// <param name="Name">As the waterfall of a candidate shows it: <c>birth-date</c>.</param>
/// <param name="Levels">Names of the levels, best first.</param>
/// <param name="Of">The place of the pair's level; null if a value is missing on either side, which adds nothing. Symmetric.</param>
/// <param name="Bits">Bits of each level for this pair.</param>
public sealed record Comparison(
    string Name,
    IReadOnlyList<string> Levels,
    Func<MatchProfile, MatchProfile, int?> Of,
    Func<MatchProfile, MatchProfile, NameShare, IReadOnlyList<double>> Bits
)
{
    public const string Else = "else";

    /// <summary>With the same bits for every pair.</summary>
    public static Comparison Fixed(string name, Func<MatchProfile, MatchProfile, int?> of, params (string Level, double Bits)[] levels)
    {
        double[] bits = [.. levels.Select(l => l.Bits)];
        return new(name, [.. levels.Select(l => l.Level)], of, (_, _, _) => bits);
    }

    /// <summary>The line of a pair; null if there is nothing to compare.</summary>
    public MatchLine? Line(MatchProfile one, MatchProfile other, NameShare share) =>
        Of(one, other) is { } level ? new(Name, Levels[level], Bits(one, other, share)[level]) : null;
}
