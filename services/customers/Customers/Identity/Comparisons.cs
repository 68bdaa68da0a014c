namespace CrmPlatform.Customers.Identity;

/// <summary>The levels of each comparison; their bits are a model's.</summary>
public static class Comparisons
{
    /// <summary>Exact, alike by Jaro-Winkler from each of the bounds on (highest first), or else.</summary>
    public static int? Alike(string? one, string? other, params ReadOnlySpan<double> bounds)
    {
        if (one is null || other is null)
            return null;
        if (one == other)
            return 0;
        var alike = Similarity.JaroWinkler(one, other);
        for (var i = 0; i < bounds.Length; i++)
            if (alike >= bounds[i])
                return i + 1;
        return bounds.Length + 1;
    }

    /// <summary>Exact, at most so many edits away, or else.</summary>
    public static int? Edited(string? one, string? other, int most) =>
        one is null || other is null ? null
        : one == other ? 0
        : Similarity.Edits(one, other) <= most ? 1
        : 2;

    /// <summary>Whole names: exact, same-pinyin, swapped (given and family name), near, else. For those of which one is Chinese.</summary>
    public static int? FullName(MatchProfile one, MatchProfile other)
    {
        if (one.Name is not { } a || other.Name is not { } b || AreLatin(one, other))
            return null;
        return a.Full == b.Full ? 0
            : a.Readings.Intersect(b.Readings).Any() ? 1
            : IsSwapped(a, b) ? 2
            : a.IsHan == b.IsHan && Similarity.JaroWinkler(a.Full, b.Full) >= .92 ? 3
            : 4;
    }

    /// <summary>Two persons whose names are in Latin letters: their parts are compared instead.</summary>
    public static bool AreLatin(MatchProfile one, MatchProfile other) =>
        one is { Kind: Profiles.CustomerKind.Individual, Name.IsHan: false }
        && other is { Kind: Profiles.CustomerKind.Individual, Name.IsHan: false };

    /// <summary>
    /// Dates of birth: exact, near (one edit, or day and month swapped), doubtful (equal, but what is entered where it is not known),
    /// same-year, else. A doubtful date is never near.
    /// </summary>
    public static int? BirthDate(MatchProfile one, MatchProfile other)
    {
        if (one.BirthDate is not { } a || other.BirthDate is not { } b)
            return null;
        var doubtful = IsDoubtful(a) || IsDoubtful(b);
        return a == b ? (doubtful ? 2 : 0)
            : !doubtful && (Similarity.Edits(a, b) <= 1 || a == b[..4] + b[6..] + b[4..6]) ? 1
            : a[..4] == b[..4] ? 3
            : 4;
    }

    /// <summary>1 January of 1900, 1970 and each other decade's first year.</summary>
    public static bool IsDoubtful(string date) => date[3] == '0' && date.EndsWith("0101", StringComparison.Ordinal);

    /// <summary>
    /// The best of all pairs of addresses: exact (street and number), near, same-district, else. Streets of different districts are not
    /// compared: 人民路1号 is everywhere.
    /// </summary>
    public static int? Address(MatchProfile one, MatchProfile other) => Best(one, other, Address);

    /// <summary>The best of all pairs of addresses.</summary>
    public static int? Best(MatchProfile one, MatchProfile other, Func<MatchAddress, MatchAddress, int?> of) =>
        one.Addresses.SelectMany(_ => other.Addresses, of).Min();

    public static int? Gender(MatchProfile one, MatchProfile other) =>
        one.Gender is null || other.Gender is null ? null
        : one.Gender == other.Gender ? 0
        : 1;

    static int? Address(MatchAddress one, MatchAddress other)
    {
        var (district, known) = (one.District == other.District, one.District is not null && other.District is not null);
        var street = !known || district ? Alike(one.Street, other.Street, .88) : null;
        return street is 0 or 1 ? street
            : known ? (district ? 2 : 3)
            : street is null ? null
            : 3;
    }

    static bool IsSwapped(MatchName one, MatchName other) =>
        one is { IsHan: true, Given: not null } && other is { IsHan: true, Given: not null } && IsTurned(one, other) | IsTurned(other, one);

    static bool IsTurned(MatchName one, MatchName other) => one.Given + one.Surname == other.Full;
}
