using System.Text.Json;

namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>What a survey asks, and of whom; each content is a version.</summary>
/// <param name="Kind"><c>transactional</c>, about something that happened, or <c>relational</c>, about the company as a whole.</param>
/// <param name="Metric">Id of the question whose score is told to other rooms: one of nps, csat or ces.</param>
/// <param name="Title">What it is called, in each language in which it is asked; all other texts have the same languages.</param>
/// <param name="Purpose">What the answers are for: the first line that the customer reads.</param>
/// <param name="Questions">The questions in their order, 1 to 30.</param>
/// <param name="Channel">How customers are invited, as a code.</param>
/// <param name="AfterTicket">Customers are invited some time after a ticket of theirs is solved.</param>
/// <param name="ClosesAt">From then on nobody is invited and no answer counts; never if left out.</param>
public sealed record SurveyContent(
    [property: Required, OneOf(SurveyContent.Transactional, SurveyContent.Relational)] string Kind,
    [property: Required, Code] string Metric,
    [property: Required] Wording Title,
    [property: Required] Wording Purpose,
    [property: Required, Length(1, 30)] IReadOnlyList<SurveyQuestion> Questions,
    [property: Code] string Channel = "email",
    bool AfterTicket = false,
    DateTimeOffset? ClosesAt = null
)
{
    public const string Transactional = "transactional",
        Relational = "relational";

    /// <summary>The question whose score is told.</summary>
    public SurveyQuestion MetricQuestion() => Questions.First(q => q.Id == Metric);

    /// <summary>The language that was told, or the only one that there is; null where the customer's own decides.</summary>
    public string? Told(string? told) => Title.Languages() is [var only] ? only : told;

    /// <summary>The language that is asked for, if the survey has it, else its first.</summary>
    public string Language(string? wanted) => Title.Languages().FirstOrDefault(l => l == wanted) ?? Title.Languages()[0];

    public bool SameAs(SurveyContent other) => Json(this) == Json(other);

    /// <exception cref="RuleViolationException">Questions that cannot be asked, or texts that are missing.</exception>
    public void Check()
    {
        if (Title.Languages().Count == 0)
            throw new RuleViolationException("language-missing", "A survey is written in zh, in en, or in both.", "title");
        Written(Purpose, "purpose");
        for (var i = 0; i < Questions.Count; i++)
            Check(Questions[i], $"questions[{i}]", [.. Questions.Take(i)]);
        if (!Questions.Any(q => q.Id == Metric && q.IsMetric()))
            throw new RuleViolationException("metric-missing", $"No question {Metric} of type nps, csat or ces.", "metric");
    }

    void Check(SurveyQuestion question, string field, IReadOnlyList<SurveyQuestion> before)
    {
        if (before.Any(q => q.Id == question.Id))
            throw new RuleViolationException("question-twice", $"There is another question {question.Id}.", $"{field}.id");
        Written(question.Label, $"{field}.label");
        var choices = question.Choices ?? [];
        if (question.Type == SurveyQuestion.Choice != choices.Count > 0 || (question.Many && choices.Count == 0))
            throw new RuleViolationException("choices", "A choice has choices, and nothing else has them.", $"{field}.choices");
        for (var i = 0; i < choices.Count; i++)
        {
            Written(choices[i].Label, $"{field}.choices[{i}].label");
            if (choices.Take(i).Any(c => c.Code == choices[i].Code))
                throw new RuleViolationException("choices", $"There is another {choices[i].Code}.", $"{field}.choices[{i}].code");
        }
        if (question.ShowIf is not { } shown)
            return;
        if (before.FirstOrDefault(q => q.Id == shown.Question) is not { Type: not SurveyQuestion.Text } asked)
            throw new RuleViolationException(
                "logic-cycle",
                $"A question depends on one before it that is not a text; {shown.Question} is none.",
                $"{field}.showIf.question"
            );
        if (shown.Codes.FirstOrDefault(code => !asked.Codes().Contains(code)) is { } unknown)
            throw new RuleViolationException("logic-unknown", $"Nobody can answer {asked.Id} with {unknown}.", $"{field}.showIf.codes");
    }

    void Written(Wording text, string field)
    {
        if (!text.Languages().SequenceEqual(Title.Languages()))
            throw new RuleViolationException(
                "language-missing",
                $"The title is written in {string.Join(" and ", Title.Languages())}, and this is not.",
                field
            );
    }

    static string Json(SurveyContent content) => JsonSerializer.Serialize(content, EventStoreOptions.Json);
}
