namespace CrmPlatform.Portraits.Pages;

/// <summary>
/// The words of the page, in English or Chinese. What a company names itself (tags, categories, tiers of its own) is shown as it is.
/// </summary>
public sealed record Words(bool Chinese)
{
    static readonly Dictionary<string, (string English, string Chinese)> known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["individual"] = ("Individual", "个人客户"),
        ["enterprise"] = ("Company", "企业客户"),
        ["female"] = ("female", "女"),
        ["male"] = ("male", "男"),
        ["other"] = ("other", "其他"),
        ["undisclosed"] = ("undisclosed", "未透露"),
        ["zh-CN"] = ("Chinese", "中文"),
        ["zh"] = ("Chinese", "中文"),
        ["en"] = ("English", "英语"),
        ["en-US"] = ("English", "英语"),
        ["phone"] = ("phone", "电话"),
        ["email"] = ("e-mail", "邮件"),
        ["sms"] = ("text message", "短信"),
        ["wechat"] = ("WeChat", "微信"),
        ["post"] = ("post", "信件"),
        ["idNumber"] = ("identity number", "证件号"),
        ["marketing"] = ("Marketing", "营销"),
        ["personalisation"] = ("Personalisation", "个性化推荐"),
        ["analytics"] = ("Analytics", "行为分析"),
        ["decider"] = ("decides", "决策人"),
        ["champion"] = ("supports us", "支持者"),
        ["influencer"] = ("is listened to", "影响者"),
        ["user"] = ("uses it", "使用者"),
        ["blocker"] = ("is against it", "反对者"),
        ["Champions"] = ("Champions", "冠军客户"),
        ["Loyal"] = ("Loyal", "忠诚客户"),
        ["Potential Loyalist"] = ("Potential loyalists", "潜在忠诚客户"),
        ["New"] = ("New", "新客"),
        ["Promising"] = ("Promising", "有希望的客户"),
        ["Need Attention"] = ("Need attention", "需要关注"),
        ["About To Sleep"] = ("About to sleep", "即将沉睡"),
        ["At Risk"] = ("At risk", "有流失风险"),
        ["Can't Lose Them"] = ("Cannot be lost", "不能流失"),
        ["Hibernating"] = ("Hibernating", "休眠客户"),
        ["Lost"] = ("Lost", "已流失"),
        ["重要价值"] = ("important: keep as they are", "重要价值客户"),
        ["重要保持"] = ("important: bought often, not lately", "重要保持客户"),
        ["重要发展"] = ("important: bought lately, not often", "重要发展客户"),
        ["重要挽留"] = ("important: win back", "重要挽留客户"),
        ["一般价值"] = ("ordinary: lately and often", "一般价值客户"),
        ["一般保持"] = ("ordinary: often, not lately", "一般保持客户"),
        ["一般发展"] = ("ordinary: lately, not often", "一般发展客户"),
        ["一般挽留"] = ("ordinary: neither lately nor often", "一般挽留客户"),
        ["Prospect"] = ("Prospect", "潜在客户"),
        ["Engaged"] = ("Engaged", "已接触"),
        ["Repeat"] = ("Repeat", "复购"),
        ["Active"] = ("Active", "活跃"),
        ["Dormant"] = ("Dormant", "沉睡"),
        ["Churned"] = ("Churned", "流失"),
        ["WonBack"] = ("Won back", "挽回"),
        ["Ended"] = ("Ended", "已终止"),
        ["Bronze"] = ("Bronze", "青铜"),
        ["Silver"] = ("Silver", "白银"),
        ["Gold"] = ("Gold", "黄金"),
        ["Platinum"] = ("Platinum", "铂金"),
    };

    public string T(string english, string chinese) => Chinese ? chinese : english;

    /// <summary>What stands before the ids of those who are one.</summary>
    public string Group(string kind, int customers) =>
        kind == "enterprise"
            ? T($"One company, known as {customers} customers:", $"同一企业，共 {customers} 个客户编号：")
            : T($"One person, known as {customers} customers:", $"同一人组，共 {customers} 个客户编号：");

    /// <summary>A code of the platform in words; another text as it is.</summary>
    public string Of(string code) => known.TryGetValue(code, out var words) ? T(words.English, words.Chinese) : code;
}
