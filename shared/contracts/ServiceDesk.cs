namespace CrmPlatform.Contracts;

/// <summary>
/// A ticket was opened. Kind: complaint, request, feedback. Priority: urgent, high, normal, low; it is raised for some customers. Severity
/// is that of a complaint, raised for nobody: minor, major, critical. Category is a code.
/// </summary>
[Contract("service-desk")]
public sealed record TicketOpened(
    Guid CustomerId,
    Guid TicketId,
    string Kind,
    string Category,
    string Priority,
    string Channel,
    DateTimeOffset FirstResponseDueAt,
    DateTimeOffset ResolutionDueAt,
    DateTimeOffset OccurredAt,
    string? Severity = null
) : IAboutKnownCustomer;

/// <summary>An agent (named by the token's subject) took the ticket or was assigned to it.</summary>
[Contract("service-desk")]
public sealed record TicketAssigned(Guid CustomerId, Guid TicketId, string Agent, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>
/// A reply on a ticket. By is <c>agent</c> or <c>customer</c>. FirstResponse is true for the reply that stops the first-response clock. An
/// automatic one, which no person wrote, keeps no promise and resumes nothing.
/// </summary>
[Contract("service-desk")]
public sealed record TicketReplied(
    Guid CustomerId,
    Guid TicketId,
    string By,
    string Channel,
    bool FirstResponse,
    DateTimeOffset OccurredAt,
    bool Automatic = false
) : IAboutKnownCustomer;

/// <summary>The desk waits for the customer's reply; until then the resolution clock is paused.</summary>
[Contract("service-desk")]
public sealed record TicketWaiting(Guid CustomerId, Guid TicketId, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>The desk has resolved the ticket. Outcome and Cause are codes.</summary>
[Contract("service-desk")]
public sealed record TicketResolved(
    Guid CustomerId,
    Guid TicketId,
    string Outcome,
    string? Cause,
    int BusinessMinutes,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>The ticket was reopened, under the same id.</summary>
[Contract("service-desk")]
public sealed record TicketReopened(Guid CustomerId, Guid TicketId, string Reason, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>The ticket was closed and cannot be reopened.</summary>
[Contract("service-desk")]
public sealed record TicketClosed(Guid CustomerId, Guid TicketId, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>
/// A service promise was missed. Clock: <c>first-response</c> or <c>resolution</c>. OccurredAt is the instant when it was due. Published at
/// most once per clock.
/// </summary>
[Contract("service-desk")]
public sealed record SlaBreached(Guid CustomerId, Guid TicketId, string Clock, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>The customer answered a survey. Metric <c>csat</c>: score 1 to 5.</summary>
[Contract("service-desk")]
public sealed record SurveyAnswered(Guid CustomerId, Guid TicketId, string Metric, int Score, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;
