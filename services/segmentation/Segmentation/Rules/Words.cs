using System.Globalization;

namespace CrmPlatform.Segmentation.Rules;

/// <summary>A sentence in Chinese and in English.</summary>
/// <param name="Zh">In Chinese.</param>
/// <param name="En">In English.</param>
public sealed record Words(string Zh, string En);

/// <summary>Conditions and what was found of them, in words. They are made from codes whenever they are read.</summary>
static class RuleWords
{
    public static Words Of(Proof proof) =>
        proof.Op switch
        {
            "all" => Joined(proof, "以下全部成立", "all of these hold", "以下有不成立的", "not all of these hold"),
            "any" => Joined(proof, "以下至少一项成立", "one of these holds", "以下没有一项成立", "none of these holds"),
            "at-least" => Joined(
                proof,
                $"以下至少 {Number(proof.Threshold)} 项成立",
                $"at least {Number(proof.Threshold)} of these hold",
                $"以下成立的不到 {Number(proof.Threshold)} 项",
                $"fewer than {Number(proof.Threshold)} of these hold"
            ),
            "not" => Joined(proof, "以下不成立", "this does not hold", "以下成立（本不应成立）", "this holds, and should not"),
            _ => Leaf(proof),
        };

    static Words Joined(Proof proof, string zh, string en, string zhNo, string enNo) =>
        proof.Verdict switch
        {
            Verdict.Yes => new(zh, en),
            Verdict.No => new(zhNo, enNo),
            _ => new("无法判断，因为有未知的信息", "cannot be told, since something is unknown"),
        };

    static Words Leaf(Proof proof)
    {
        var (asked, found) = (Asked(proof.About!), Found(proof));
        return new($"{asked.Zh}：{found.Zh}", $"{asked.En}: {found.En}");
    }

    static Words Found(Proof proof)
    {
        if (proof.Verdict == Verdict.Unknown)
            return new("未知", "unknown");
        var mark = proof.Verdict == Verdict.Yes ? new Words("是", "yes") : new Words("否", "no");
        if (proof.About is not ({ Purchases: not null } or { Did: not null } or { OpenTickets: not null } or { Bucket: not null }))
            return mark;
        var number = Number(proof.Measured);
        return new($"实际 {number}，{mark.Zh}", $"it is {number}, {mark.En}");
    }

    static Words Asked(Condition about) =>
        about switch
        {
            { Purchases: { } p } => Purchases(p),
            { Did: { } d } => new(
                $"{Zh(d.Within)}{Thing(d.Of).Zh}{Range(d.AtLeast, d.AtMost, "times").Zh}",
                $"{Thing(d.Of).En} {Range(d.AtLeast, d.AtMost, "times").En}{En(d.Within)}"
            ),
            { OpenTickets: { } t } => new(
                $"未结{Kind(t.Kind).Zh}{Range(t.AtLeast, t.AtMost, "件").Zh}",
                $"open {Kind(t.Kind).En}s {Range(t.AtLeast, t.AtMost, "").En}".TrimEnd()
            ),
            { Profile: { } p } => p.In is { } words
                ? new($"{ChineseNames.Field(p.Field)}为 {string.Join("、", words)}", $"{p.Field} is {string.Join(" or ", words)}")
                : new(
                    $"{ChineseNames.Field(p.Field)}{Range(p.AtLeast, p.AtMost, "人").Zh}",
                    $"{p.Field} {Range(p.AtLeast, p.AtMost, "").En}".TrimEnd()
                ),
            { Consent: { } c } => new(
                $"同意 {c.Purpose}{(c.Channel is null ? "" : $"（{c.Channel}）")}",
                $"consented to {c.Purpose}{(c.Channel is null ? "" : $" by {c.Channel}")}"
            ),
            { Sequence: { } s } => new(
                $"{Zh(s.Within)}{Thing(s.First).Zh}后 {s.Days} 天内{Thing(s.Then).Zh}{(s.Without is { } w ? $"，其间没有{Thing(w).Zh}" : "")}",
                $"{Thing(s.First).En}, then {Thing(s.Then).En} within {s.Days} days"
                    + (s.Without is { } without ? $", no {Thing(without).En} in between" : "")
                    + En(s.Within)
            ),
            { Silence: { } s } => s.UnderDays is { } days
                ? new($"距上次{ChineseNames.Since(s.Since)}不到 {days} 天", $"last {s.Since} under {days} days ago")
                : new($"距上次{ChineseNames.Since(s.Since)}已满 {s.AtLeastDays} 天", $"last {s.Since} {s.AtLeastDays} days ago or more"),
            { Score: { } s } => s.In is { } words
                ? new($"{ChineseNames.Score(s)}为 {string.Join("、", words)}", $"{s.Name} is {string.Join(" or ", words)}")
                : new(
                    $"{ChineseNames.Score(s)}{Range(s.AtLeast, s.AtMost, "分").Zh}",
                    $"{s.Of} {Range(s.AtLeast, s.AtMost, "").En}".TrimEnd()
                ),
            { Segment: { } code } => new($"属于分群 {code}", $"is in segment {code}"),
            _ => new(
                $"随机桶在 {about.Bucket!.From} 至 {about.Bucket.To - 1} 之间",
                $"bucket is from {about.Bucket.From} to {about.Bucket.To - 1}"
            ),
        };

    static Words Purchases(PurchasesMade p)
    {
        var (zh, en) = p.Measure switch
        {
            "count" => ("订单数", "orders"),
            "net" => ("净消费额", "net revenue"),
            "average" => ("平均每单净额", "average net order"),
            "distinctDays" => ("有订单的天数", "days with an order"),
            _ => ("最长购买间隔（天）", "longest gap between orders in days"),
        };
        string?[] of = [p.Category, p.Brand, p.Product, p.Channel];
        var which = string.Join(", ", of.Where(w => w is not null));
        var range = Range(p.AtLeast, p.AtMost, "");
        var (only, onlyEn) = (Only(p).Zh, Only(p).En);
        return new(
            $"{Zh(p.Within)}{(which.Length > 0 ? $" {which} 的" : "")}{zh}{only}{range.Zh}",
            $"{en}{(which.Length > 0 ? $" of {which}" : "")}{onlyEn} {range.En}{En(p.Within)}"
        );
    }

    static Words Only(PurchasesMade p)
    {
        var zh = new List<string>();
        var en = new List<string>();
        if (p.MinNet is { } least)
            (zh, en) = ([.. zh, $"单笔至少 {Number(least)}"], [.. en, $"orders of {Number(least)} or more"]);
        if (p.Discounted is { } discounted)
            (zh, en) = ([.. zh, discounted ? "有折扣" : "无折扣"], [.. en, discounted ? "with a discount" : "without a discount"]);
        return zh.Count == 0 ? new("", "") : new($"（{string.Join("，", zh)}）", $" ({string.Join(", ", en)})");
    }

    static Words Thing(Thing thing)
    {
        var (zh, en) = thing.What switch
        {
            "page-view" => ("浏览", "page views"),
            "interaction" => ("互动", "interactions"),
            "ticket" => ($"提交{Kind(thing.Kind).Zh}", $"{Kind(thing.Kind).En}s"),
            "breach" => ("服务超时", "missed promises"),
            "survey" => ("问卷回答", "survey answers"),
            "points-redeemed" => ("积分兑换", "redemptions"),
            "coupon-used" => ("用券", "coupons used"),
            "activity-attended" => ("参加活动", "activities attended"),
            _ => ("购买", "purchases"),
        };
        string?[] of = [thing.Category, thing.Topic, thing.Direction];
        var which = string.Join(", ", of.Where(w => w is not null));
        var score = thing.MinScore is null && thing.MaxScore is null ? new Words("", "") : Range(thing.MinScore, thing.MaxScore, "分");
        return new(
            $"{(which.Length > 0 ? $" {which} 的" : "")}{zh}{(score.Zh.Length > 0 ? $"（{score.Zh}）" : "")}",
            $"{en}{(which.Length > 0 ? $" of {which}" : "")}{(score.En.Length > 0 ? $" (score {score.En})" : "")}"
        );
    }

    static Words Kind(string? kind) =>
        kind switch
        {
            "complaint" => new("投诉", "complaint"),
            "request" => new("请求", "request"),
            "feedback" => new("反馈", "feedback ticket"),
            _ => new("工单", "ticket"),
        };

    static Words Range(decimal? atLeast, decimal? atMost, string unit)
    {
        var (zh, en) = unit is "times" ? ("次", " times") : (unit, "");
        return (atLeast, atMost) switch
        {
            ({ } least, { } most) when least == most => new($"恰好 {Number(least)} {zh}".TrimEnd(), $"exactly {Number(least)}{en}"),
            ({ } least, { } most) => new($" {Number(least)} 至 {Number(most)} {zh}".TrimEnd(), $"{Number(least)} to {Number(most)}{en}"),
            ({ } least, null) => new($"至少 {Number(least)} {zh}".TrimEnd(), $"at least {Number(least)}{en}"),
            _ => new($"至多 {Number(atMost)} {zh}".TrimEnd(), $"at most {Number(atMost)}{en}"),
        };
    }

    static string Zh(Within? within) =>
        within switch
        {
            { Days: { } days } => $"{days} 天内",
            { BusinessDays: { } days } => $"{days} 个营业日内",
            { This: { } period } => period switch
            {
                "month" => "本月",
                "quarter" => "本季度",
                _ => "今年",
            },
            { From: { } from, Until: { } until } => $"{from:yyyy-MM-dd} 至 {until:yyyy-MM-dd} ",
            _ => "",
        };

    static string En(Within? within) =>
        within switch
        {
            { Days: { } days } => $" within {days} days",
            { BusinessDays: { } days } => $" within {days} business days",
            { This: { } period } => $" this {period}",
            { From: { } from, Until: { } until } => $" from {from:yyyy-MM-dd} until {until:yyyy-MM-dd}",
            _ => "",
        };

    static string Number(decimal? number) => (number ?? 0).ToString("0.##", CultureInfo.InvariantCulture);
}
