using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Tickets;

public interface ITicketEvent;

/// <summary>The customer's text.</summary>
public sealed record TicketText(string Subject, string? Body);

public sealed record MessageText(string Text);

/// <param name="NextUpdateTarget">Null where no next update is promised, and up to 0.2.</param>
/// <param name="Ladder">Who is told when a promise is in danger; null up to 0.2.</param>
/// <param name="AcknowledgementTarget">Of a complaint; null where none is promised, and up to 0.2.</param>
/// <param name="NeedsDecision">Whether it is a complaint that is decided before it is solved: none up to 0.2, and none that is
/// imported.</param>
/// <param name="PolicyId">Stored with its version, calendar and targets: a changed policy applies to new tickets only.</param>
/// <param name="Rules">The version of the calendars and policies; 0 are the settings.</param>
/// <param name="Match">What of the customer the policy names; null up to 0.2.</param>
/// <param name="AboutAgent">The subject of the agent whom a complaint is about; null if it is about none.</param>
public sealed record TicketOpened(
    Guid CustomerId,
    string Kind,
    string Category,
    string? Severity,
    string Priority,
    string Channel,
    string? Source,
    string? Reference,
    string? Tier,
    string PolicyId,
    int PolicyVersion,
    string Calendar,
    TimeSpan FirstResponseTarget,
    TimeSpan ResolutionTarget,
    DateTimeOffset FirstResponseDueAt,
    DateTimeOffset ResolutionDueAt,
    DateTimeOffset OccurredAt,
    Personal<TicketText>? Personal,
    TimeSpan? NextUpdateTarget = null,
    IReadOnlyList<EscalationStep>? Ladder = null,
    TimeSpan? AcknowledgementTarget = null,
    DateTimeOffset? AcknowledgementDueAt = null,
    bool NeedsDecision = false,
    int Rules = 0,
    PolicyMatch? Match = null,
    string? AboutAgent = null
) : ITicketEvent, IHasPersonal
{
    IPersonal? IHasPersonal.PersonalPart => Personal;
}

/// <param name="Transferred">Another agent had it before; false up to 0.2.</param>
/// <param name="Reason"><c>dedicated</c>, <c>deputy</c>, <c>least-loaded</c> or <c>claimed</c>; null if somebody gave it to them.</param>
public sealed record TicketAssigned(
    Guid CustomerId,
    string Agent,
    DateTimeOffset OccurredAt,
    bool Transferred = false,
    string? Reason = null
) : ITicketEvent;

/// <param name="Author">The agent's subject; null for the customer.</param>
/// <param name="Automatic">No person wrote it: it keeps no promise and resumes nothing.</param>
/// <param name="Used">Business time up to the first response; null for other replies, and for those up to 0.2.</param>
/// <param name="NextUpdateUsed">Business time since the customer's message that it answers; null if none had to be answered.</param>
/// <param name="AcknowledgementUsed">Business time up to it if it is what acknowledges a complaint; null if not.</param>
public sealed record TicketReplied(
    Guid CustomerId,
    string By,
    string? Author,
    string Channel,
    bool FirstResponse,
    DateTimeOffset OccurredAt,
    Personal<MessageText>? Personal,
    bool Automatic = false,
    TimeSpan? Used = null,
    TimeSpan? NextUpdateUsed = null,
    TimeSpan? AcknowledgementUsed = null
) : ITicketEvent, IHasPersonal
{
    IPersonal? IHasPersonal.PersonalPart => Personal;
}

/// <summary>The customer wrote again and had not been waiting for an answer: they get one by then.</summary>
/// <param name="Number">How many times this was promised on the ticket.</param>
public sealed record NextUpdatePromised(int Number, TimeSpan Target, DateTimeOffset DueAt, DateTimeOffset OccurredAt) : ITicketEvent;

/// <summary>When who is told that a promise is in danger, unless the clock stands still before.</summary>
public sealed record EscalationPlanned(IReadOnlyList<PlannedStep> Steps, DateTimeOffset OccurredAt) : ITicketEvent
{
    public bool Equals(EscalationPlanned? other) => other is not null && OccurredAt == other.OccurredAt && Steps.SequenceEqual(other.Steps);

    public override int GetHashCode() => HashCode.Combine(OccurredAt, Steps.Count);
}

/// <param name="Number">Which of the promises with this clock.</param>
/// <param name="Step">Place in the ladder of the policy, from 0.</param>
/// <param name="Notify"><c>owner</c>, <c>lead</c> or <c>duty</c>.</param>
/// <param name="OccurredAt">The step's instant, not the time at which the due work found it.</param>
public sealed record Escalated(Guid CustomerId, string Clock, int Number, int Step, string Notify, DateTimeOffset OccurredAt)
    : ITicketEvent;

/// <summary>A private note: the customer never sees it, and it does not count as a response.</summary>
public sealed record NoteAdded(Guid CustomerId, string Author, DateTimeOffset OccurredAt, Personal<MessageText>? Personal)
    : ITicketEvent,
        IHasPersonal
{
    IPersonal? IHasPersonal.PersonalPart => Personal;
}

/// <param name="Used">Business time that the resolution clock has used up.</param>
/// <param name="NextUpdateUsed">That of the next update, if one is promised.</param>
public sealed record TicketWaiting(Guid CustomerId, TimeSpan Used, DateTimeOffset OccurredAt, TimeSpan? NextUpdateUsed = null)
    : ITicketEvent;

/// <summary>The customer answered, or an agent ended the waiting: the clocks that had paused continue.</summary>
public sealed record TicketResumed(DateTimeOffset ResolutionDueAt, DateTimeOffset OccurredAt, DateTimeOffset? NextUpdateDueAt = null)
    : ITicketEvent;

/// <param name="MeetsFirstResponse">Up to 0.2 each solution counted as the first response, also if no customer saw it.</param>
/// <param name="DueAt">When the solution was due; null up to 0.2.</param>
public sealed record TicketResolved(
    Guid CustomerId,
    string Outcome,
    string? Cause,
    TimeSpan Used,
    DateTimeOffset OccurredAt,
    bool MeetsFirstResponse = true,
    DateTimeOffset? DueAt = null,
    TimeSpan? NextUpdateUsed = null
) : ITicketEvent;

public sealed record TicketClosed(Guid CustomerId, DateTimeOffset OccurredAt) : ITicketEvent;

public sealed record TicketReopened(
    Guid CustomerId,
    string Reason,
    DateTimeOffset ResolutionDueAt,
    DateTimeOffset OccurredAt,
    DateTimeOffset? NextUpdateDueAt = null
) : ITicketEvent;

/// <param name="OccurredAt">The due instant, not the time at which the due work found it.</param>
public sealed record SlaBreached(Guid CustomerId, string Clock, DateTimeOffset OccurredAt) : ITicketEvent;

/// <param name="Survey">The survey in which it was answered; null if it was told by itself, as the three below.</param>
/// <param name="SurveyVersion">Its version.</param>
/// <param name="Invitation">The invitation that was answered.</param>
/// <param name="Replaces">The score that the customer gave before and has changed; null of the first.</param>
public sealed record SatisfactionAnswered(
    Guid CustomerId,
    int Score,
    DateTimeOffset OccurredAt,
    string? Survey = null,
    int? SurveyVersion = null,
    Guid? Invitation = null,
    int? Replaces = null
) : ITicketEvent;
