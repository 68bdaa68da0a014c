namespace CrmPlatform.Segmentation.Rules;

/// <summary>Chinese names of what conditions ask about.</summary>
static class ChineseNames
{
    public static string Field(string field) =>
        field switch
        {
            "kind" => "客户类型",
            "ageBand" => "年龄段",
            "gender" => "性别",
            "incomeBand" => "收入段",
            "householdSize" => "家庭人数",
            "province" => "省份",
            _ => "语言",
        };

    public static string Since(string since) =>
        since switch
        {
            "purchase" => "购买",
            "contact" => "联系",
            "page-view" => "浏览",
            _ => "注册",
        };

    public static string Score(ScoreIs asked) =>
        asked.Of switch
        {
            "recency" => "R 分",
            "frequency" => "F 分",
            "monetary" => "M 分",
            "grid" => "RFM 分群",
            "type" => "客户八分类",
            "abc" => "ABC 分级",
            "grade" => $"{asked.Scheme} 等级",
            "riskBand" => "流失预警档",
            "churn" => "流失依据",
            "stage" => "生命周期阶段",
            _ => "会员等级",
        };
}
