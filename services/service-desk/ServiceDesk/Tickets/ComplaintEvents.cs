namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>A step of the complaint that the ticket is.</summary>
public interface IComplaintEvent : ITicketEvent
{
    DateTimeOffset OccurredAt { get; }
}

/// <summary>The customer was told that their complaint has arrived.</summary>
/// <param name="Author">Subject of who told them; also of an automatic acknowledgement, whose sender that is.</param>
/// <param name="Used">Business time up to it; null where no acknowledgement was promised.</param>
public sealed record ComplaintAcknowledged(
    Guid CustomerId,
    string Channel,
    bool Automatic,
    string Author,
    TimeSpan? Used,
    DateTimeOffset OccurredAt
) : ITicketEvent;

/// <summary>Somebody judged how serious the complaint is.</summary>
/// <param name="Severity"><c>minor</c>, <c>major</c> or <c>critical</c>.</param>
/// <param name="Safety">Whether somebody's safety is at stake.</param>
/// <param name="Scope"><c>one</c> customer or <c>many</c>.</param>
/// <param name="Priority">The ticket's from then on: never lower than before.</param>
/// <param name="By">Subject of who judged.</param>
/// <param name="AboutAgent">The subject of the agent whom it is about; null if that stays as it was.</param>
public sealed record ComplaintAssessed(
    Guid CustomerId,
    string Severity,
    bool Safety,
    string Scope,
    string Priority,
    string By,
    DateTimeOffset OccurredAt,
    string? AboutAgent = null
) : IComplaintEvent;

/// <summary>Somebody looks into it; told again when it is handed over.</summary>
/// <param name="Owner">Subject of who does.</param>
public sealed record InvestigationOpened(Guid CustomerId, string Owner, string By, DateTimeOffset OccurredAt) : IComplaintEvent;

/// <summary>What the investigation found; the customer does not see it.</summary>
public sealed record FindingNoted(Guid CustomerId, string Author, DateTimeOffset OccurredAt, Personal<MessageText>? Personal)
    : IComplaintEvent,
        IHasPersonal
{
    IPersonal? IHasPersonal.PersonalPart => Personal;
}

/// <summary>The customer was offered something.</summary>
/// <param name="Round">The first proposal or the second.</param>
/// <param name="Kind"><c>apology</c>, <c>refund</c>, <c>replace</c>, <c>repair</c>, <c>points</c>, <c>voucher</c> or <c>none</c>.</param>
/// <param name="Amount">Of a refund or voucher in Currency, or points; null of the others.</param>
/// <param name="Until">It lapses then.</param>
public sealed record ProposalMade(
    Guid CustomerId,
    int Round,
    string Kind,
    decimal? Amount,
    string? Currency,
    DateTimeOffset Until,
    string By,
    DateTimeOffset OccurredAt
) : IComplaintEvent;

/// <param name="Answer"><c>accepted</c>, <c>rejected</c>, or <c>no-answer</c>: it lapsed.</param>
/// <param name="OccurredAt">Of a lapse the proposal's own end, not the time at which the due work found it.</param>
public sealed record ProposalAnswered(Guid CustomerId, int Round, string Answer, DateTimeOffset OccurredAt) : IComplaintEvent
{
    public const string Accepted = "accepted",
        Rejected = "rejected",
        NoAnswer = "no-answer";
}

/// <param name="Outcome"><c>upheld</c>, <c>partly</c>, <c>rejected</c> or <c>withdrawn</c>.</param>
/// <param name="Cause">What caused it, as a code.</param>
/// <param name="Severity">As it was judged last; null if it never was.</param>
/// <param name="Used">Business time that the decision took, without waiting for the customer.</param>
public sealed record ComplaintDecided(
    Guid CustomerId,
    string Outcome,
    string Cause,
    string? Severity,
    string By,
    TimeSpan Used,
    DateTimeOffset OccurredAt
) : IComplaintEvent;

/// <summary>The customer was given something, once of each kind.</summary>
/// <param name="Kind"><c>refund</c>, <c>voucher</c> or <c>points</c>.</param>
/// <param name="Amount">Money in Currency, or how many points.</param>
/// <param name="ApprovedBy">Who else said yes, where it was above what one grants alone.</param>
/// <param name="GivenBefore">An earlier help desk gave it: it is not published, so that nobody gives it again.</param>
public sealed record CompensationGranted(
    Guid CustomerId,
    string Kind,
    decimal Amount,
    string? Currency,
    string By,
    string? ApprovedBy,
    DateTimeOffset OccurredAt,
    bool GivenBefore = false
) : IComplaintEvent;

/// <summary>The customer took the complaint to an authority or a platform.</summary>
/// <param name="Number">1 is the first case of the complaint.</param>
/// <param name="Body">Where to, as a code: <c>12315</c>.</param>
/// <param name="ReceivedAt">When the authority received it.</param>
/// <param name="AcceptanceDueAt">By when the authority decides whether it accepts the case.</param>
/// <param name="AnswerDueAt">By when it wants our answer; null if it gave no date.</param>
/// <param name="By">Subject of who recorded it.</param>
/// <param name="Personal">The number of the case there, by which the authority knows the person.</param>
public sealed record EscalatedOutside(
    Guid CustomerId,
    int Number,
    string Body,
    DateTimeOffset ReceivedAt,
    DateTimeOffset AcceptanceDueAt,
    DateTimeOffset? AnswerDueAt,
    string By,
    DateTimeOffset OccurredAt,
    Personal<CaseNumber>? Personal
) : IComplaintEvent, IHasPersonal
{
    IPersonal? IHasPersonal.PersonalPart => Personal;
}

/// <summary>The number of a case at an authority or a platform.</summary>
public sealed record CaseNumber(string Reference);

/// <summary>The authority accepted the case: it mediates from then on.</summary>
/// <param name="MediationDueAt">By when the mediation ends.</param>
/// <param name="By">Subject of who recorded it.</param>
public sealed record ExternalCaseAccepted(Guid CustomerId, int Number, DateTimeOffset MediationDueAt, string By, DateTimeOffset OccurredAt)
    : IComplaintEvent;

/// <summary>The authority is done with the case.</summary>
/// <param name="Outcome"><c>settled</c>, <c>not-settled</c>, <c>not-accepted</c> or <c>withdrawn</c>.</param>
/// <param name="By">Subject of who recorded it.</param>
public sealed record ExternalCaseEnded(Guid CustomerId, int Number, string Outcome, string By, DateTimeOffset OccurredAt) : IComplaintEvent;

/// <summary>What is done so that the cause does not come back.</summary>
/// <param name="ActionId">Its stream.</param>
public sealed record CorrectiveActionNamed(Guid CustomerId, Guid ActionId, DateTimeOffset OccurredAt) : IComplaintEvent;
