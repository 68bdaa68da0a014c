namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>One of the answers from which a customer chooses.</summary>
/// <param name="Code">What is stored and counted.</param>
/// <param name="Label">What the customer reads.</param>
public sealed record SurveyChoice([property: Required, Code] string Code, [property: Required] Wording Label);

/// <summary>A question is asked only where an earlier one was answered so.</summary>
/// <param name="Question">Id of a question before it, not one of text.</param>
/// <param name="Codes">One of these was answered: codes of choices, or numbers like <c>3</c>.</param>
public sealed record ShownIf([property: Required, Code] string Question, [property: Required, Length(1, 30)] IReadOnlyList<string> Codes);

/// <summary>A question of a survey.</summary>
/// <param name="Id">Names it in answers and results.</param>
/// <param name="Type"><c>nps</c> (0 to 10), <c>csat</c> (1 to 5), <c>ces</c> (1 to 7, 7 is easy), <c>choice</c> or <c>text</c>.</param>
/// <param name="Label">What the customer is asked.</param>
/// <param name="Choices">Of a choice: 2 to 30 answers.</param>
/// <param name="Many">Of a choice: several may be chosen.</param>
/// <param name="Required">It must be answered where it is asked.</param>
/// <param name="ShowIf">It is asked only then; always if left out.</param>
public sealed record SurveyQuestion(
    [property: Required, Code] string Id,
    [property: Required, OneOf("nps", "csat", "ces", "choice", "text")] string Type,
    [property: Required] Wording Label,
    [property: Length(2, 30)] IReadOnlyList<SurveyChoice>? Choices = null,
    bool Many = false,
    bool Required = false,
    ShownIf? ShowIf = null
)
{
    public const string Nps = "nps",
        Csat = "csat",
        Ces = "ces",
        Choice = "choice",
        Text = "text";

    /// <summary>It is answered with a number, which is what it measures.</summary>
    public bool IsMetric() => Type is Nps or Csat or Ces;

    /// <summary>The numbers of a metric question, least first.</summary>
    public (int Least, int Most) Scale() =>
        Type switch
        {
            Nps => (0, 10),
            Csat => (1, 5),
            _ => (1, 7),
        };

    /// <summary>What may be answered, as codes; nothing of a text.</summary>
    public IEnumerable<string> Codes() =>
        IsMetric()
            ? Enumerable.Range(Scale().Least, Scale().Most - Scale().Least + 1).Select(n => $"{n}")
            : Choices?.Select(choice => choice.Code) ?? [];
}
