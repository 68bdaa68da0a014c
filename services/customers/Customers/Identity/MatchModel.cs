namespace CrmPlatform.Customers.Identity;

/// <summary>A table of comparisons with their bits. Scores name the model that they were made with.</summary>
/// <param name="Version">Name of the model: <c>m1</c>.</param>
/// <param name="Identifiers">Whether equal identifiers anchor a pair and unequal ones count against it.</param>
public sealed record MatchModel(string Version, IReadOnlyList<Comparison> Comparisons, bool Identifiers = true)
{
    const double RarestName = 14,
        CommonestName = 3,
        SameNameOfOnePerson = .90;

    /// <summary>The model that is in use until another is estimated.</summary>
    public static MatchModel M1 { get; } =
        new(
            "m1",
            [
                new("name", ["exact", "same-pinyin", "swapped", "near", Comparison.Else], Identity.Comparisons.FullName, NameBits),
                Comparison.Fixed(
                    "given-name",
                    (a, b) => LatinParts(a, b)?.Given,
                    ("exact", 7),
                    ("near", 5),
                    ("alike", 1.5),
                    (Comparison.Else, -3)
                ),
                Comparison.Fixed(
                    "surname",
                    (a, b) => LatinParts(a, b)?.Surname,
                    ("exact", 8),
                    ("near", 7),
                    ("alike", 3),
                    (Comparison.Else, -3)
                ),
                Comparison.Fixed(
                    "birth-date",
                    Identity.Comparisons.BirthDate,
                    ("exact", 12),
                    ("near", 4),
                    ("doubtful", 3),
                    ("same-year", -2),
                    (Comparison.Else, -4)
                ),
                Comparison.Fixed(
                    "address",
                    Identity.Comparisons.Address,
                    ("exact", 9),
                    ("near", 6),
                    ("same-district", 3),
                    (Comparison.Else, -2)
                ),
                Comparison.Fixed(
                    "postal-code",
                    (a, b) => Identity.Comparisons.Best(a, b, (x, y) => Identity.Comparisons.Edited(x.PostalCode, y.PostalCode, 1)),
                    ("exact", 8),
                    ("near", 3),
                    (Comparison.Else, -3)
                ),
                Comparison.Fixed("gender", Identity.Comparisons.Gender, ("exact", 1), (Comparison.Else, -4)),
            ]
        );

    /// <summary>
    /// Bits of an equal name by the share f of those who have it: log2(0.90/f), from 3 (very common) to 14 (rare).
    /// </summary>
    public static double BitsOfName(double share) =>
        MatchLine.Round(Math.Clamp(Math.Log2(SameNameOfOnePerson / share), CommonestName, RarestName));

    /// <summary>
    /// Of two different names the commoner one counts. The paper's levels below the exact one are kept from passing the level above them,
    /// which they would for common names.
    /// </summary>
    static double[] NameBits(MatchProfile one, MatchProfile other, NameShare share)
    {
        var exact = Math.Min(BitsOfName(share(one.Name!)), BitsOfName(share(other.Name!)));
        var pinyin = exact - 3;
        return [exact, pinyin, Math.Min(5, pinyin), Math.Min(4, pinyin), -4];
    }

    /// <summary>Given name and surname in the order that fits better: which is which is not known of a name in one text.</summary>
    static (int? Given, int? Surname)? LatinParts(MatchProfile one, MatchProfile other)
    {
        if (!Identity.Comparisons.AreLatin(one, other))
            return null;
        var (a, b) = (one.Name!, other.Name!);
        var (straight, turned) = (Parts(a.Given, a.Surname), Parts(a.Surname, a.Given));
        return Sum(turned) < Sum(straight) ? turned : straight;

        (int? Given, int? Surname) Parts(string? given, string? surname) =>
            (Identity.Comparisons.Alike(given, b.Given, .92, .80), Identity.Comparisons.Alike(surname, b.Surname, .92, .80));

        // A part that is missing is worth as much as one that is hardly alike.
        static int Sum((int? Given, int? Surname) levels) => (levels.Given ?? 2) + (levels.Surname ?? 2);
    }
}
