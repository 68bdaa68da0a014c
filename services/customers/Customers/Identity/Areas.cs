using System.Collections.Frozen;

namespace CrmPlatform.Customers.Identity;

/// <summary>The 2,978 districts of China by name (areas.tsv: code, district, city, province).</summary>
public static class Areas
{
    sealed record Area(string Code, string District, string City, string Province);

    static readonly string[] suffixes = ["特别行政区", "自治区", "自治州", "自治县", "地区", "新区", "省", "市", "区", "县", "盟", "旗"];

    static readonly FrozenDictionary<string, Area[]> byDistrict = TextResource
        .Lines("areas.tsv")
        .Select(line => line.Split('\t'))
        .Select(f => new Area(f[0], Short(f[1]), Short(f[2]), Short(f[3])))
        .GroupBy(a => a.District)
        .ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);

    /// <summary>How many districts the table has.</summary>
    public static int Count => byDistrict.Values.Sum(areas => areas.Length);

    /// <summary>The six digits of a district (GB/T 2260); null if the names do not tell exactly one.</summary>
    public static string? Code(string? province, string? city, string? district)
    {
        if (MatchText.Normal(district) is not { } name || !byDistrict.TryGetValue(Short(name), out var areas))
            return null;
        var found = areas.Where(a => Fits(a.City, city) && Fits(a.Province, province)).ToArray();
        return found is [var one] ? one.Code : null;
    }

    /// <summary>Whether a province and a city, as far as they are given, have a district of this name.</summary>
    public static bool Knows(string? province, string? city, string district) =>
        MatchText.Normal(district) is { } name
        && byDistrict.TryGetValue(Short(name), out var areas)
        && areas.Any(a => Fits(a.City, city) && Fits(a.Province, province));

    // A city that only stands for its province has no name in the table; 广西 is how people write 广西壮族自治区.
    static bool Fits(string name, string? given) =>
        MatchText.Normal(given) is not { } text || name.Length == 0 || name.StartsWith(Short(text), StringComparison.Ordinal);

    /// <summary>Without the word for what it is: 南山 for 南山区.</summary>
    static string Short(string name)
    {
        foreach (var suffix in suffixes)
            if (name.Length > suffix.Length + 1 && name.EndsWith(suffix, StringComparison.Ordinal))
                return name[..^suffix.Length];
        return name;
    }
}
