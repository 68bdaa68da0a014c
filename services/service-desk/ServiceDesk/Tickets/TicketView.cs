namespace CrmPlatform.ServiceDesk.Tickets;

/// <param name="By">agent, customer, or note for a private one.</param>
/// <param name="Text">Null if it is withheld or the customer was forgotten.</param>
/// <param name="Automatic">No person wrote it.</param>
public sealed record TicketMessage(DateTimeOffset At, string By, string? Author, string? Channel, string? Text, bool Automatic = false);

/// <param name="State">running, paused, met; late from the due instant on.</param>
/// <param name="DueAt">Null while the ticket waits for the customer: it is due later by as long as that takes.</param>
public sealed record ClockView(
    string Clock,
    string State,
    int TargetMinutes,
    int UsedMinutes,
    int RemainingMinutes,
    DateTimeOffset? DueAt,
    DateTimeOffset? MetAt,
    bool Breached
);

/// <param name="Personal">Whether subject and texts are shown; if not, they are null.</param>
/// <param name="Reopened">How often it came back after it was solved.</param>
/// <param name="FirstReplyMinutes">Business minutes up to the first response; null if there is none yet.</param>
public sealed record TicketView(
    Guid Id,
    long Version,
    Guid CustomerId,
    string Kind,
    string Category,
    string? Severity,
    string Priority,
    string Channel,
    string Status,
    string? Agent,
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
    string? Outcome,
    string? Cause,
    DateTimeOffset? ResolvedAt,
    int? Satisfaction,
    bool RepeatComplaint,
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
            };
}
