using System.Collections.Frozen;
using CrmPlatform.Customers.Identity;

namespace CrmPlatform.Customers.Quality;

/// <summary>Postal codes of China: six digits, of which the first two are those of a province.</summary>
public static class PostalCodes
{
    static readonly FrozenDictionary<string, string[]> byProvince = new Dictionary<string, string[]>
    {
        ["北京"] = ["10"],
        ["上海"] = ["20"],
        ["天津"] = ["30"],
        ["重庆"] = ["40"],
        ["河北"] = ["05", "06", "07"],
        ["山西"] = ["03", "04"],
        ["内蒙古"] = ["01", "02", "13", "16"], // the east of it has codes of Jilin and Heilongjiang
        ["辽宁"] = ["11", "12"],
        ["吉林"] = ["13"],
        ["黑龙江"] = ["15", "16"],
        ["江苏"] = ["21", "22"],
        ["浙江"] = ["31", "32"],
        ["安徽"] = ["23", "24"],
        ["福建"] = ["35", "36"],
        ["江西"] = ["33", "34"],
        ["山东"] = ["25", "26", "27"],
        ["河南"] = ["45", "46", "47"],
        ["湖北"] = ["43", "44"],
        ["湖南"] = ["41", "42"],
        ["广东"] = ["51", "52"],
        ["广西"] = ["53", "54"],
        ["海南"] = ["57"],
        ["四川"] = ["61", "62", "63", "64"],
        ["贵州"] = ["55", "56"],
        ["云南"] = ["65", "66", "67"],
        ["西藏"] = ["85"],
        ["陕西"] = ["71", "72"],
        ["甘肃"] = ["73", "74"],
        ["青海"] = ["81"],
        ["宁夏"] = ["75"],
        ["新疆"] = ["83", "84"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The provinces that have postal codes, by their short names.</summary>
    public static IEnumerable<string> Provinces => byProvince.Keys;

    public static bool IsOne(string code) => code.Trim() is { Length: 6 } text && text.All(char.IsAsciiDigit);

    /// <summary>True also where the province is not known or has no postal codes.</summary>
    public static bool Fits(string code, string? province) =>
        MatchText.Normal(province) is not { } name
        || byProvince.FirstOrDefault(p => name.StartsWith(p.Key, StringComparison.Ordinal)).Value is not { } begins
        || begins.Any(b => code.Trim().StartsWith(b, StringComparison.Ordinal));
}
