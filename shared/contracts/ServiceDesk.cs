namespace CrmPlatform.Contracts;

/// <summary>
/// A ticket was opened. Kind: complaint, request, feedback. Priority: urgent, high, normal, low; it is raised for some customers. Severity
/// is that of a complaint, raised for nobody: minor, major, critical. Category is a code.
/// </summary>
/// <param name="TicketId">Id of the ticket.</param>
/// <param name="Kind"><c>complaint</c>, <c>request</c> or <c>feedback</c>.</param>
/// <param name="Category">What it is about, as a code: <c>billing</c>.</param>
/// <param name="Priority"><c>urgent</c>, <c>high</c>, <c>normal</c> or <c>low</c>.</param>
/// <param name="Channel">How the customer contacted the desk, as a code: <c>email</c>.</param>
/// <param name="FirstResponseDueAt">By when somebody must answer.</param>
/// <param name="ResolutionDueAt">By when it must be solved, unless the clock pauses.</param>
/// <param name="Severity"><c>minor</c>, <c>major</c> or <c>critical</c>; absent unless it is a complaint.</param>
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
/// <param name="TicketId">Id of the ticket.</param>
/// <param name="Agent">The subject of the agent's token.</param>
[Contract("service-desk")]
public sealed record TicketAssigned(Guid CustomerId, Guid TicketId, string Agent, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>
/// A reply on a ticket. By is <c>agent</c> or <c>customer</c>. FirstResponse is true for the reply that stops the first-response clock. An
/// automatic one, which no person wrote, keeps no promise and resumes nothing.
/// </summary>
/// <param name="TicketId">Id of the ticket.</param>
/// <param name="By"><c>agent</c> or <c>customer</c>.</param>
/// <param name="Channel">How the reply was sent, as a code: <c>email</c>.</param>
/// <param name="FirstResponse">True for the reply that stops the first-response clock.</param>
/// <param name="Automatic">True if no person wrote it.</param>
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
/// <param name="TicketId">Id of the ticket.</param>
[Contract("service-desk")]
public sealed record TicketWaiting(Guid CustomerId, Guid TicketId, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>The desk has resolved the ticket. Outcome and Cause are codes.</summary>
/// <param name="TicketId">Id of the ticket.</param>
/// <param name="Outcome">How it was solved, as a code.</param>
/// <param name="Cause">What caused it, as a code; a complaint always has one.</param>
/// <param name="BusinessMinutes">Business time that the solution took, in minutes, without the time that the desk waited for the
/// customer.</param>
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
/// <param name="TicketId">Id of the ticket.</param>
/// <param name="Reason">Why, as a code.</param>
[Contract("service-desk")]
public sealed record TicketReopened(Guid CustomerId, Guid TicketId, string Reason, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>The ticket was closed and cannot be reopened.</summary>
/// <param name="TicketId">Id of the ticket.</param>
[Contract("service-desk")]
public sealed record TicketClosed(Guid CustomerId, Guid TicketId, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>
/// A service promise was missed. Clock: <c>acknowledgement</c> (of a complaint), <c>first-response</c>, <c>resolution</c>, or
/// <c>next-update</c>: the customer wrote again and had no answer in time. OccurredAt is the instant when it was due. Published at most
/// once per clock; of <c>next-update</c> once for each time that an answer was promised, and again after BreachExcused if the ticket came
/// back.
/// </summary>
/// <param name="TicketId">Id of the ticket.</param>
/// <param name="Clock"><c>acknowledgement</c> (of a complaint), <c>first-response</c>, <c>resolution</c> or <c>next-update</c>.</param>
[Contract("service-desk")]
public sealed record SlaBreached(Guid CustomerId, Guid TicketId, string Clock, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>
/// A service promise that was told as missed was kept: the calendar by which it was judged was wrong and was corrected. Whoever counts
/// breaches takes that one away, once for each SlaBreached.
/// </summary>
/// <param name="TicketId">Id of the ticket.</param>
/// <param name="Clock"><c>acknowledgement</c> (of a complaint), <c>first-response</c>, <c>resolution</c> or <c>next-update</c>.</param>
/// <param name="BreachedAt">When it had been due: the OccurredAt of the SlaBreached that is excused.</param>
[Contract("service-desk")]
public sealed record BreachExcused(Guid CustomerId, Guid TicketId, string Clock, DateTimeOffset BreachedAt, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>
/// A promise is in danger or broken, and by the policy somebody is to be told; or somebody's safety is at stake, or a clock of a case at an
/// authority ran out. OccurredAt is the instant of the step, which may be long past in an import: whoever sends messages looks at it.
/// </summary>
/// <param name="TicketId">Id of the ticket.</param>
/// <param name="Clock"><c>acknowledgement</c> (of a complaint), <c>first-response</c>, <c>resolution</c> or <c>next-update</c>;
/// <c>safety</c> if a complaint was assessed so; <c>external-acceptance</c>, <c>external-mediation</c>, <c>external-answer</c> of a case at
/// an authority.</param>
/// <param name="Step">Place in the ladder of the policy, from 0.</param>
/// <param name="Notify"><c>owner</c> (the agent who has the ticket), <c>lead</c> or <c>duty</c>.</param>
[Contract("service-desk", Internal = true)]
public sealed record Escalated(Guid CustomerId, Guid TicketId, string Clock, int Step, string Notify, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>A complaint was decided; one that was reopened may be decided again.</summary>
/// <param name="TicketId">Id of the ticket.</param>
/// <param name="Outcome"><c>upheld</c>, <c>partly</c>, <c>rejected</c> or <c>withdrawn</c>.</param>
/// <param name="Cause">What caused it, as a code.</param>
/// <param name="Severity"><c>minor</c>, <c>major</c> or <c>critical</c>, as it was judged last; null if it never was.</param>
/// <param name="BusinessMinutes">Business time that the decision took, in minutes, without the time that the desk waited for the
/// customer.</param>
[Contract("service-desk")]
public sealed record ComplaintDecided(
    Guid CustomerId,
    Guid TicketId,
    string Outcome,
    string Cause,
    string? Severity,
    int BusinessMinutes,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>The customer was given something for a complaint: once for each ticket and kind. Loyalty awards the points.</summary>
/// <param name="TicketId">Id of the ticket.</param>
/// <param name="Kind"><c>refund</c>, <c>voucher</c> or <c>points</c>.</param>
/// <param name="Points">How many; null of money.</param>
/// <param name="Amount">Money of a refund or voucher; null of points.</param>
/// <param name="Currency">Of the money, as ISO 4217 code; null of points.</param>
[Contract("service-desk")]
public sealed record CompensationGranted(
    Guid CustomerId,
    Guid TicketId,
    string Kind,
    DateTimeOffset OccurredAt,
    long? Points = null,
    decimal? Amount = null,
    string? Currency = null
) : IAboutKnownCustomer;
