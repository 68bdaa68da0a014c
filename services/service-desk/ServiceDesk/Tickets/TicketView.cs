using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>A message or note on a ticket.</summary>
/// <param name="At">When it was written.</param>
/// <param name="By"><c>agent</c>, <c>customer</c>, or <c>note</c> for a private one.</param>
/// <param name="Author">The subject of the agent's token; null for the customer.</param>
/// <param name="Channel">How it was sent, as a code; null for a note.</param>
/// <param name="Text">Null if it is withheld or the customer was forgotten.</param>
/// <param name="Automatic">No person wrote it.</param>
public sealed record TicketMessage(
    DateTimeOffset At,
    [property: OneOf("agent", "customer", "note")] string By,
    string? Author,
    string? Channel,
    string? Text,
    bool Automatic = false
);

/// <summary>The clock of a promise.</summary>
/// <param name="Clock"><c>acknowledgement</c> (of a complaint), <c>first-response</c>, <c>next-update</c> (an answer to what the
/// customer wrote since the last one) or <c>resolution</c>.</param>
/// <param name="State"><c>running</c>, <c>paused</c>, <c>met</c>, or <c>late</c> from the due instant on; <c>excused</c> if it was
/// recorded as broken and was met by the calendar as it was corrected later.</param>
/// <param name="TargetMinutes">What was promised, in business minutes.</param>
/// <param name="UsedMinutes">Business minutes that were used up.</param>
/// <param name="RemainingMinutes">Business minutes that are left; negative once it is late.</param>
/// <param name="DueAt">Null while the ticket waits for the customer: it is due later by as long as that takes; and of an answer that was
/// given.</param>
/// <param name="MetAt">When it was kept; null while it is not.</param>
/// <param name="Breached">Whether the promise was broken, even if it was met later; not if that is excused.</param>
public sealed record ClockView(
    [property: OneOf("acknowledgement", "first-response", "next-update", "resolution")] string Clock,
    [property: OneOf("running", "paused", "met", "late", "excused")] string State,
    int TargetMinutes,
    int UsedMinutes,
    int RemainingMinutes,
    DateTimeOffset? DueAt,
    DateTimeOffset? MetAt,
    bool Breached
);

/// <summary>Somebody was to be told that a promise was in danger or broken.</summary>
/// <param name="Clock"><c>acknowledgement</c>, <c>first-response</c>, <c>next-update</c> or <c>resolution</c>; <c>safety</c> if a complaint
/// was assessed so that somebody's safety is at stake; of a case at an authority <c>external-acceptance</c>, <c>external-mediation</c>,
/// <c>external-answer</c>.</param>
/// <param name="Step">Place in the ladder of the policy, from 0.</param>
/// <param name="Notify"><c>owner</c> (the agent who has the ticket), <c>lead</c> or <c>duty</c>.</param>
/// <param name="At">The instant of the step.</param>
public sealed record EscalationView(
    [property: OneOf(
        "acknowledgement",
        "first-response",
        "next-update",
        "resolution",
        Promises.Safety,
        ExternalCase.Acceptance,
        ExternalCase.Mediation,
        ExternalCase.Answer
    )]
        string Clock,
    int Step,
    [property: OneOf("owner", "lead", "duty")] string Notify,
    DateTimeOffset At
);

/// <summary>A whole ticket.</summary>
/// <param name="Id">Id of the ticket.</param>
/// <param name="Kind"><c>complaint</c>, <c>request</c> or <c>feedback</c>.</param>
/// <param name="Category">What it is about, as a code: <c>billing</c>.</param>
/// <param name="Severity"><c>minor</c>, <c>major</c> or <c>critical</c>, as it was judged last; null unless it is a complaint.</param>
/// <param name="Priority"><c>urgent</c>, <c>high</c>, <c>normal</c> or <c>low</c>: by kind and severity, raised for some customers.</param>
/// <param name="Channel">How the customer contacted the desk, as a code: <c>email</c>.</param>
/// <param name="Status"><c>open</c>, <c>waiting</c> (for the customer), <c>resolved</c> or <c>closed</c>.</param>
/// <param name="Agent">The subject of the agent's token; null while nobody has it.</param>
/// <param name="AssignedBecause">Why they have it: <c>dedicated</c>, <c>deputy</c> or <c>least-loaded</c> by rule, <c>claimed</c> by
/// themselves; null if somebody gave it to them, or nobody has it.</param>
/// <param name="Source">The system that numbers the ticket; null if it was opened here without a reference.</param>
/// <param name="Reference">The ticket's number in that system.</param>
/// <param name="Tier">The customer's tier when the ticket was opened, the best of those who were one person with them.</param>
/// <param name="PolicyId">The policy by which promises were made.</param>
/// <param name="PolicyVersion">Its version.</param>
/// <param name="OpenedAt">When the customer contacted the desk.</param>
/// <param name="Personal">Whether subject and texts are shown; if not, they are null.</param>
/// <param name="Subject">The subject; null where it is withheld, and once the customer was forgotten.</param>
/// <param name="Text">The customer's text; null if there was none or it is withheld, and once the customer was forgotten.</param>
/// <param name="Messages">Replies and notes, oldest first.</param>
/// <param name="Clocks">The promises: first response, resolution, the next update once the customer wrote again, and the acknowledgement of
/// a complaint.</param>
/// <param name="Escalations">Steps of escalation that were taken, oldest first.</param>
/// <param name="Outcome">How it was solved last, as a code; null if it never was.</param>
/// <param name="Cause">What caused it, as a code; null if it never was solved or no cause was told.</param>
/// <param name="ResolvedAt">When it was solved; null while it is not.</param>
/// <param name="Satisfaction">The customer's answer about the solution, 1 to 5; null if there is none.</param>
/// <param name="RepeatComplaint">Whether the customer, or who is one person with them, complained about the same cause in the 90 days
/// before.</param>
/// <param name="Complaint">What only a complaint has; null of others.</param>
/// <param name="Reopened">How often it came back after it was solved.</param>
/// <param name="FirstReplyMinutes">Business minutes up to the first response; null if there is none yet.</param>
public sealed record TicketView(
    Guid Id,
    long Version,
    Guid CustomerId,
    [property: OneOf("complaint", "request", "feedback")] string Kind,
    string Category,
    [property: OneOf(null, "minor", "major", "critical")] string? Severity,
    [property: OneOf("urgent", "high", "normal", "low")] string Priority,
    string Channel,
    [property: OneOf("open", "waiting", "resolved", "closed")] string Status,
    string? Agent,
    [property: OneOf(null, "dedicated", "deputy", "least-loaded", "claimed")] string? AssignedBecause,
    string? Source,
    string? Reference,
    string? Tier,
    string PolicyId,
    int PolicyVersion,
    DateTimeOffset OpenedAt,
    PersonalShown Personal,
    string? Subject,
    string? Text,
    IReadOnlyList<TicketMessage> Messages,
    IReadOnlyList<ClockView> Clocks,
    IReadOnlyList<EscalationView> Escalations,
    string? Outcome,
    string? Cause,
    DateTimeOffset? ResolvedAt,
    int? Satisfaction,
    bool RepeatComplaint,
    ComplaintView? Complaint,
    int Reopened,
    int? FirstReplyMinutes
)
{
    public TicketView For(PersonalReader reader) =>
        reader.May || Personal == PersonalShown.Forgotten
            ? this
            : this with
            {
                Personal = PersonalShown.Withheld,
                Subject = null,
                Text = null,
                Messages = [.. Messages.Select(m => m with { Text = null })],
                Complaint = Complaint?.Withheld(),
            };
}
