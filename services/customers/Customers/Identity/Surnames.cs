using System.Collections.Frozen;
using System.Globalization;

namespace CrmPlatform.Customers.Identity;

/// <summary>
/// 1,074 Chinese surnames with their weights (surnames.tsv), and how those are read that ICU reads as another word: 单 is Shan, not Dan.
/// </summary>
public static class Surnames
{
    static readonly FrozenDictionary<string, double> weights = TextResource
        .Lines("surnames.tsv")
        .Select(line => line.Split('\t'))
        .ToFrozenDictionary(f => f[0], f => double.Parse(f[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);

    static readonly double sum = weights.Values.Sum();

    static readonly FrozenDictionary<string, string> readings = (
        "单 shan,查 zha,曾 zeng,仇 qiu,解 xie,朴 piao,区 ou,任 ren,华 hua,翟 zhai,盖 ge,缪 miao,乐 yue,员 yun,覃 qin,秘 bi,冼 xian,洗 xian,"
        + "繁 po,召 shao,种 chong,纪 ji,燕 yan,黑 he,郗 xi,牟 mou,那 na,宁 ning,祭 zhai,柏 bai,薄 bo,尉 yu,隗 wei,藏 zang,都 du,炅 gui,过 guo,"
        + "句 gou,能 nai,重 chong,不 fou,便 pian,角 jue,乜 nie,瞿 qu,宓 mi,折 she,佴 nai,逄 pang,谌 chen,撒 sa,长孙 zhangsun,万俟 moqi,尉迟 yuchi,"
        + "澹台 tantai,令狐 linghu,夏侯 xiahou,呼延 huyan,鲜于 xianyu,单于 chanyu"
    )
        .Split(',')
        .Select(pair => pair.Split(' '))
        .ToFrozenDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    /// <summary>How many surnames the table has.</summary>
    public static int Count => weights.Count;

    /// <summary>The share of people with this surname, 0 to 1; null for one that the table lacks.</summary>
    public static double? Share(string surname) => weights.TryGetValue(surname, out var weight) ? weight / sum : null;

    /// <summary>Pinyin of a surname, without tones and spaces: <c>ouyang</c>.</summary>
    public static string Pinyin(string surname) => readings.GetValueOrDefault(surname) ?? Han.Pinyin(surname);

    /// <summary>
    /// A name in Chinese characters as surname and given name. Surnames of two characters come first where a given name remains; without a
    /// known one the first character is the surname.
    /// </summary>
    public static (string Surname, string Given) Split(string name)
    {
        var first = char.IsHighSurrogate(name[0]) && name.Length > 1 ? 2 : 1;
        for (var length = Math.Min(4, name.Length - 1); length > first; length--)
            if (weights.ContainsKey(name[..length]))
                return (name[..length], name[length..]);
        return (name[..first], name[first..]);
    }
}
