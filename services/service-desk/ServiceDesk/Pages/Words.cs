using CrmPlatform.ServiceDesk.Surveys;

namespace CrmPlatform.ServiceDesk.Pages;

/// <summary>The words of the page around the survey, in its language.</summary>
public sealed record Words(string Language)
{
    public string T(string english, string chinese) => Language == Wording.Chinese ? chinese : english;

    /// <summary>The ends of a scale.</summary>
    public (string Least, string Most) Ends(string type) =>
        type switch
        {
            SurveyQuestion.Nps => (T("not at all likely", "完全不可能"), T("extremely likely", "非常可能")),
            SurveyQuestion.Csat => (T("very dissatisfied", "非常不满意"), T("very satisfied", "非常满意")),
            _ => (T("very hard", "非常困难"), T("very easy", "非常容易")),
        };

    /// <summary>What is wrong with an answer, by the code of the rule.</summary>
    public string Fault(string code) =>
        code switch
        {
            "answer-required" => T("Please answer this question.", "请回答此题。"),
            "text-too-long" => T($"At most {AnswerSheet.MostText} characters, please.", $"请勿超过 {AnswerSheet.MostText} 个字符。"),
            _ => T("Please choose one of the answers.", "请从选项中选择。"),
        };

    /// <summary>Why nothing is asked.</summary>
    public string Sorry(string code) =>
        code switch
        {
            "token-unknown" => T("This link is not known. Please copy the whole link.", "链接无效，请复制完整链接。"),
            "token-spent" => T(
                "You have answered already, and the answer can no longer be changed. Thank you.",
                "您已完成作答，答案不能再修改。谢谢！"
            ),
            _ => T("This survey is closed. Thank you for your interest.", "本次调查已结束，感谢您的关注。"),
        };
}
