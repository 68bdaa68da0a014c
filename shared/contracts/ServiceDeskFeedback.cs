namespace CrmPlatform.Contracts;

/// <summary>A customer said something, and it was found what it is about. OccurredAt is when they said it. Published once.</summary>
/// <param name="FeedbackId">The ticket, the survey's answer or the feedback that has the text.</param>
/// <param name="Source"><c>ticket</c>, <c>survey</c>, or a code of the company: <c>review</c>, <c>suggestion</c>.</param>
/// <param name="Themes">Codes of what it is about; none if nothing was found. People may correct them later.</param>
[Contract("service-desk")]
public sealed record FeedbackReceived(
    Guid CustomerId,
    Guid FeedbackId,
    string Source,
    IReadOnlyList<string> Themes,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>A customer who had been let down was spoken with, or not: the matter is closed.</summary>
/// <param name="LoopId">Id of the loop.</param>
/// <param name="Outcome"><c>solved</c>, <c>explained</c>, <c>compensated</c>, <c>no-answer</c> or <c>not-wanted</c>.</param>
/// <param name="BusinessMinutes">Business time from the customer's answer to the closing, in minutes.</param>
[Contract("service-desk")]
public sealed record LoopClosed(Guid CustomerId, Guid LoopId, string Outcome, int BusinessMinutes, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>
/// Nobody spoke in time with a customer who was let down. OccurredAt is the instant when it was due. Told once of each loop.
/// </summary>
/// <param name="LoopId">Id of the loop.</param>
/// <param name="Owner">Subject of who had it then; null if nobody had.</param>
[Contract("service-desk", Internal = true)]
public sealed record LoopOverdue(Guid CustomerId, Guid LoopId, string? Owner, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>
/// The customer answered a survey: the score of its metric question. Metric <c>csat</c>: 1 to 5, <c>nps</c>: 0 to 10, <c>ces</c>: 1 to 7.
/// </summary>
/// <param name="TicketId">Id of the ticket that it is about; all zeros (the empty id) if it is about none.</param>
/// <param name="Metric"><c>csat</c>, <c>nps</c> or <c>ces</c>.</param>
/// <param name="Score">The answer; the highest is the best.</param>
/// <param name="Survey">Code of the survey; null of a ticket's satisfaction that was told by itself.</param>
/// <param name="Version">Version of the survey; null where <c>survey</c> is.</param>
/// <param name="InvitationId">The invitation that was answered, the same after a change; null where <c>survey</c> is.</param>
/// <param name="Replaces">The score that the customer gave before and has changed within a day: whoever adds up takes it away. Null of the
/// first answer.</param>
[Contract("service-desk")]
public sealed record SurveyAnswered(
    Guid CustomerId,
    Guid TicketId,
    string Metric,
    int Score,
    DateTimeOffset OccurredAt,
    string? Survey = null,
    int? Version = null,
    Guid? InvitationId = null,
    int? Replaces = null
) : IAboutKnownCustomer;
