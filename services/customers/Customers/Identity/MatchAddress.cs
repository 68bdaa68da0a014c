using System.Globalization;
using System.Text.RegularExpressions;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Identity;

/// <summary>An address as it is compared. Each part is null where it is not known.</summary>
/// <param name="District">The six digits of a Chinese district, or the normal name of another district or town.</param>
/// <param name="Street">Street and number, or the street alone where the number is apart.</param>
/// <param name="House">The number, where it is apart.</param>
/// <param name="PostalCode">Postal code without spaces.</param>
public sealed partial record MatchAddress(string? District, string? Street, string? House, string? PostalCode)
{
    const string Digits = "零一二三四五六七八九";

    public static MatchAddress? Of(Address address)
    {
        var found = new MatchAddress(
            DistrictOf(address),
            StreetOf(address.Street),
            null,
            MatchText.Words(address.PostalCode)?.Replace(" ", "", StringComparison.Ordinal)
        );
        return found is { District: null, Street: null, PostalCode: null } ? null : found;
    }

    /// <summary>A Chinese city is too large to say that two people live in the same place; elsewhere a town stands for its district.
    /// </summary>
    static string? DistrictOf(Address address) =>
        Areas.Code(address.Province, address.City, address.District)
        ?? MatchText.Words(address.District is null ? null : $"{address.City} {address.District}")
        ?? (MatchText.Words(address.City) is { } city && !Han.IsIn(city) ? city : null);

    /// <summary>
    /// One form of street and number: Chinese numerals before a unit as digits (八十八号 is 88), and 号院, 号楼, 单元, 室 … as hyphens.
    /// </summary>
    static string? StreetOf(string? text)
    {
        if (MatchText.Normal(text) is not { } street)
            return null;
        if (!Han.IsIn(street))
            return MatchText.Words(street);
        street = Numerals().Replace(street, m => Number(m.Value).ToString(CultureInfo.InvariantCulture));
        street = Units().Replace(street, "-");
        return Gaps().Replace(street, "").Trim('-') is { Length: > 0 } found ? found : null;
    }

    /// <summary>The value of a Chinese numeral below 10,000; digits that stand side by side are read one by one (一〇五 is 105).</summary>
    internal static int Number(string numeral)
    {
        numeral = numeral.Replace('〇', '零').Replace('两', '二');
        if (numeral.All(c => Digits.Contains(c, StringComparison.Ordinal)))
            return numeral.Take(8).Aggregate(0, (sum, c) => sum * 10 + Digits.IndexOf(c, StringComparison.Ordinal));
        var (sum, digit) = (0, 0);
        foreach (var c in numeral)
        {
            var unit = c switch
            {
                '十' => 10,
                '百' => 100,
                '千' => 1_000,
                _ => 0,
            };
            if (unit > 0)
                (sum, digit) = (sum + Math.Max(digit, unit == 10 && digit == 0 ? 1 : digit) * unit, 0);
            else
                digit = Digits.IndexOf(c, StringComparison.Ordinal);
        }
        return sum + digit;
    }

    [GeneratedRegex("[零〇一二两三四五六七八九十百千]+(?=号|弄|栋|幢|座|楼|单元|层|室)", RegexOptions.CultureInvariant)]
    private static partial Regex Numerals();

    [GeneratedRegex("(?<=[0-9a-z])(号院|号楼|号|弄|栋|幢|座|楼|单元|层|室)", RegexOptions.CultureInvariant)]
    private static partial Regex Units();

    [GeneratedRegex(@"[^\p{L}\p{N}-]|(?<=-)-", RegexOptions.CultureInvariant)]
    private static partial Regex Gaps();
}
