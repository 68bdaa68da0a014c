namespace CrmPlatform.Customers.Identity;

/// <summary>A name as it is compared.</summary>
/// <param name="Full">The whole name, normalised and without titles.</param>
/// <param name="Surname">Family name; null if it is not known which part it is, and for a company.</param>
/// <param name="Given">Given name, or null.</param>
/// <param name="IsHan">It is written in Chinese characters.</param>
/// <param name="Readings">Pinyin, or Latin letters, of the whole name without spaces, in each order in which it may be written.</param>
/// <param name="SurnameReadings">The same of what may be the surname.</param>
public sealed record MatchName(
    string Full,
    string? Surname,
    string? Given,
    bool IsHan,
    IReadOnlyList<string> Readings,
    IReadOnlyList<string> SurnameReadings
)
{
    static readonly string[] titles = ["先生", "女士", "小姐", "老师", "总"];

    static readonly string[] companyForms = ["有限责任公司", "股份有限公司", "有限公司", "股份公司", "分公司", "公司", "集团", "股份"];

    /// <summary>A person's name as one text; null if there is nothing to compare.</summary>
    public static MatchName? OfPerson(string? text)
    {
        if (MatchText.Words(text) is not { } name)
            return null;
        if (!Han.IsIn(name))
            return name.LastIndexOf(' ') is > 0 and var space ? Latin(name[..space], name[(space + 1)..]) : Latin(null, name);
        name = name.Replace(" ", "", StringComparison.Ordinal);
        foreach (var title in titles)
            if (name.Length > title.Length && name.EndsWith(title, StringComparison.Ordinal))
                name = name[..^title.Length];
        var (surname, given) = Surnames.Split(name);
        var reading = Surnames.Pinyin(surname);
        return new(name, surname, given.Length == 0 ? null : given, true, [reading + Han.Pinyin(given)], [reading]);
    }

    /// <summary>A person's name in Latin letters, in its parts; both may be what the other is (family name first or last).</summary>
    public static MatchName? Latin(string? given, string? surname)
    {
        var parts = new[] { MatchText.Words(given), MatchText.Words(surname) };
        var known = parts.OfType<string>().ToArray();
        if (known.Length == 0)
            return null;
        var closed = known.Select(p => p.Replace(" ", "", StringComparison.Ordinal)).ToArray();
        return new(
            string.Join(' ', known),
            parts[1],
            parts[0],
            false,
            [.. new[] { string.Concat(closed), string.Concat(closed.Reverse()) }.Distinct()],
            [.. closed.Distinct()]
        );
    }

    /// <summary>A company's name without its legal form; null if there is nothing to compare.</summary>
    public static MatchName? OfCompany(string? text)
    {
        if (MatchText.Words(text) is not { } name)
            return null;
        foreach (var form in companyForms)
            name = name.Replace(form, "", StringComparison.Ordinal) is { Length: > 0 } rest ? rest : name;
        name = name.Trim();
        return new(name, null, null, Han.IsIn(name), [Han.Pinyin(name).Replace(" ", "", StringComparison.Ordinal)], []);
    }
}
