namespace CrmPlatform.ServiceDesk.Surveys;

public interface IInvitationEvent;

/// <summary>The customer was asked to answer.</summary>
/// <param name="Version">Of the survey: its questions are asked, whatever is published later.</param>
/// <param name="TicketId">The ticket that was solved; null of a wave.</param>
/// <param name="Wave">Null after a ticket.</param>
/// <param name="RemindAt">When they are reminded unless they have answered; null of what is told of the past.</param>
public sealed record InvitationMade(
    Guid SurveyId,
    string Survey,
    int Version,
    string Kind,
    Guid CustomerId,
    Guid? TicketId,
    string? Wave,
    string Channel,
    string Language,
    DateTimeOffset? RemindAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset OccurredAt
) : IInvitationEvent;

/// <summary>The customer was not asked, for the first reason that held.</summary>
public sealed record InvitationSuppressed(
    Guid SurveyId,
    string Survey,
    int Version,
    Guid CustomerId,
    Guid? TicketId,
    string? Wave,
    string Reason,
    DateTimeOffset OccurredAt
) : IInvitationEvent;

public sealed record InvitationReminded(Guid CustomerId, DateTimeOffset OccurredAt) : IInvitationEvent;

/// <param name="OccurredAt">The instant at which it expired, not that at which somebody noticed.</param>
public sealed record InvitationExpired(Guid CustomerId, DateTimeOffset OccurredAt) : IInvitationEvent;

/// <summary>An answer without text: codes of choices, or a number.</summary>
/// <param name="Question">Id of the question.</param>
/// <param name="Codes">What was chosen; of a metric question its number; empty of a text, which is kept sealed.</param>
public sealed record CodedAnswer(string Question, IReadOnlyList<string> Codes);

/// <summary>What a customer wrote, by question.</summary>
public sealed record AnswerTexts(IReadOnlyDictionary<string, string> ByQuestion);

/// <summary>What a customer answered, first or after a change.</summary>
public interface IAnswered : IInvitationEvent, IHasPersonal
{
    string Survey { get; }
    int Version { get; }
    Guid CustomerId { get; }
    Guid? TicketId { get; }
    string Metric { get; }
    int? Score { get; }

    /// <summary>The score before a change.</summary>
    int? Replaces { get; }
    bool TicketTells { get; }
    IReadOnlyList<CodedAnswer> Answers { get; }
    DateTimeOffset OccurredAt { get; }
    Personal<AnswerTexts>? Personal { get; }

    IPersonal? IHasPersonal.PersonalPart => Personal;
}

/// <summary>The customer answered; the link is used up, but for changes within a day.</summary>
/// <param name="Metric">What the score measures: <c>nps</c>, <c>csat</c> or <c>ces</c>.</param>
/// <param name="Score">The answer to the metric question; null if it was left out.</param>
/// <param name="TicketTells">The score is the ticket's satisfaction, and other rooms hear of it by that.</param>
public sealed record SurveyFinished(
    string Survey,
    int Version,
    Guid CustomerId,
    Guid? TicketId,
    string Metric,
    int? Score,
    bool TicketTells,
    IReadOnlyList<CodedAnswer> Answers,
    DateTimeOffset OccurredAt,
    Personal<AnswerTexts>? Personal
) : IAnswered
{
    int? IAnswered.Replaces => null;
}

/// <summary>The customer changed their answer: this one counts, and the earlier stays.</summary>
/// <inheritdoc cref="SurveyFinished"/>
public sealed record AnswerRevised(
    string Survey,
    int Version,
    Guid CustomerId,
    Guid? TicketId,
    string Metric,
    int? Score,
    int? Replaces,
    bool TicketTells,
    IReadOnlyList<CodedAnswer> Answers,
    DateTimeOffset OccurredAt,
    Personal<AnswerTexts>? Personal
) : IAnswered;
