using System.Globalization;

namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>The answer to one question.</summary>
/// <param name="Question">Id of the question.</param>
/// <param name="Score">Of nps, csat and ces.</param>
/// <param name="Codes">Of a choice.</param>
/// <param name="Text">Of a text: at most 2,000 characters.</param>
public sealed record GivenAnswer(
    [property: Required, Code] string Question,
    int? Score = null,
    [property: MaxLength(30)] IReadOnlyList<string>? Codes = null,
    string? Text = null
)
{
    /// <summary>Nothing was answered.</summary>
    public bool IsEmpty() => Score is null && Codes is not { Count: > 0 } && string.IsNullOrWhiteSpace(Text);
}

/// <summary>What is wrong with the answer to a question.</summary>
sealed record AnswerFault(string Question, RuleViolationException Why);

/// <summary>The answers of one customer as they are kept, and what is wrong with them.</summary>
/// <param name="Texts">What they wrote, by question.</param>
sealed record AnswerSheet(IReadOnlyList<CodedAnswer> Coded, IReadOnlyDictionary<string, string> Texts, IReadOnlyList<AnswerFault> Faults)
{
    public const int MostText = 2_000;

    /// <summary>What is answered to a question that is not asked, because an earlier answer hides it, is left out.</summary>
    public static AnswerSheet Of(SurveyContent content, IReadOnlyList<GivenAnswer> given)
    {
        var (coded, texts, faults) = (new List<CodedAnswer>(), new Dictionary<string, string>(), new List<AnswerFault>());
        foreach (var answer in given.Where(a => content.Questions.All(q => q.Id != a.Question)))
            faults.Add(new(answer.Question, No("question-unknown", "The survey has no such question.", answer.Question)));
        foreach (var question in content.Questions)
            if (IsAsked(question, coded))
                try
                {
                    Keep(question, [.. given.Where(a => a.Question == question.Id)]);
                }
                catch (RuleViolationException why)
                {
                    faults.Add(new(question.Id, why));
                }
        return new(coded, texts, faults);

        void Keep(SurveyQuestion question, GivenAnswer[] answers)
        {
            if (answers.Length > 1)
                throw No("answered-twice", "The question is answered once.", question.Id);
            if (answers is not [{ } answer] || answer.IsEmpty())
            {
                if (question.Required)
                    throw No("answer-required", "The question must be answered.", question.Id);
                return;
            }
            if (question.Type == SurveyQuestion.Text)
                texts.Add(question.Id, Text(question, answer));
            else
                coded.Add(new(question.Id, Codes(question, answer)));
        }
    }

    /// <summary>Its condition holds for the answers so far; an earlier question that was not asked has no answer.</summary>
    static bool IsAsked(SurveyQuestion question, IReadOnlyList<CodedAnswer> before) =>
        question.ShowIf is not { } shown || before.Any(a => a.Question == shown.Question && a.Codes.Any(shown.Codes.Contains));

    static string Text(SurveyQuestion question, GivenAnswer answer) =>
        answer is not { Score: null, Codes: null or [], Text: { } text } ? throw OutOfRange(question, "a text")
        : text.Length > MostText ? throw No("text-too-long", $"A text has at most {MostText:N0} characters.", question.Id)
        : text;

    static IReadOnlyList<string> Codes(SurveyQuestion question, GivenAnswer answer)
    {
        if (!string.IsNullOrWhiteSpace(answer.Text) || (question.IsMetric() ? answer.Codes is { Count: > 0 } : answer.Score is not null))
            throw OutOfRange(question, question.IsMetric() ? "a score" : "codes");
        IReadOnlyList<string> codes = answer.Score is { } score ? [score.ToString(CultureInfo.InvariantCulture)] : answer.Codes!;
        return codes.All(question.Codes().Contains) && codes.Distinct().Count() == codes.Count && (question.Many || codes.Count == 1)
            ? codes
            : throw OutOfRange(question, $"{(question.Many ? "some" : "one")} of {string.Join(", ", question.Codes())}");
    }

    static RuleViolationException OutOfRange(SurveyQuestion question, string expected) =>
        No("answer-out-of-range", $"The answer is {expected}.", question.Id);

    static RuleViolationException No(string code, string message, string question) => new(code, message, $"answers.{question}");
}
