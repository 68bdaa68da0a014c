using System.Text.Json;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Imports;

/// <summary>What may happen to an open ticket: each is what the command of that name does.</summary>
public enum EntryKind
{
    Assigned,
    Reply,
    CustomerReply,
    Note,
    Waiting,
    Resumed,
    Resolved,
    Rated,
    Closed,
    Reopened,
}

/// <summary>An entry of a ticket's history in an earlier help desk. Which members it has follows from its event.</summary>
/// <param name="Event">What happened.</param>
/// <param name="OccurredAt">When: not before the entry before it, not in the future.</param>
/// <param name="Agent">assigned: to whom. reply, note: who wrote it; the caller if it is left out.</param>
/// <param name="Channel">reply, customerReply: how it was sent, as a code: <c>email</c>.</param>
/// <param name="Text">reply, customerReply, note: the text.</param>
/// <param name="Automatic">reply, customerReply: no person wrote it.</param>
/// <param name="Outcome">resolved: how it was solved, as a code.</param>
/// <param name="Cause">resolved: what caused it, as a code; a complaint needs one.</param>
/// <param name="Reason">reopened: why, as a code.</param>
/// <param name="Score">rated: the customer's satisfaction, 1 to 5.</param>
public sealed record TicketEntry(
    EntryKind Event,
    DateTimeOffset OccurredAt,
    [property: Agent] string? Agent = null,
    [property: Code] string? Channel = null,
    [property: StringLength(20_000, MinimumLength = 1)] string? Text = null,
    bool? Automatic = null,
    [property: Code] string? Outcome = null,
    [property: Code] string? Cause = null,
    [property: Code] string? Reason = null,
    [property: Range(1, 5)] int? Score = null
)
{
    static readonly IReadOnlyDictionary<EntryKind, (string[] Needed, string[] Allowed)> members = new Dictionary<
        EntryKind,
        (string[], string[])
    >
    {
        [EntryKind.Assigned] = (["agent"], []),
        [EntryKind.Reply] = (["channel", "text"], ["agent", "automatic"]),
        [EntryKind.CustomerReply] = (["channel", "text"], ["automatic"]),
        [EntryKind.Note] = (["text"], ["agent"]),
        [EntryKind.Resolved] = (["outcome"], ["cause"]),
        [EntryKind.Rated] = (["score"], []),
        [EntryKind.Reopened] = (["reason"], []),
    };

    public ITicketEvent[] Decide(Ticket ticket, DeskRules rules, string caller, DateTimeOffset at)
    {
        Check();
        return Event switch
        {
            EntryKind.Assigned => new AssignTicket(Agent).Decide(ticket, caller, at),
            EntryKind.Reply => new ReplyToTicket(Channel!, Text!, Automatic: Automatic == true).Decide(ticket, rules, Agent ?? caller, at),
            EntryKind.CustomerReply => new RecordCustomerReply(Channel!, Text!, Automatic: Automatic == true).Decide(ticket, rules, at),
            EntryKind.Note => new AddNote(Text!).Decide(ticket, Agent ?? caller, at),
            EntryKind.Waiting => WaitForCustomer.Decide(ticket, rules, at),
            EntryKind.Resumed => ResumeTicket.Decide(ticket, rules, at),
            EntryKind.Resolved => new ResolveTicket(Outcome!, Cause).Decide(ticket, rules, at),
            EntryKind.Rated => new AnswerSatisfaction(Score!.Value).Decide(ticket, at),
            EntryKind.Closed => CloseTicket.Decide(ticket, at),
            _ => new ReopenTicket(Reason!).Decide(ticket, rules, at),
        };
    }

    /// <summary>Nothing that an entry says is lost: what its event does not have is refused, like what it lacks.</summary>
    void Check()
    {
        var (needed, allowed) = members.GetValueOrDefault(Event, ([], []));
        (string Name, object? Value)[] given =
        [
            ("agent", Agent),
            ("channel", Channel),
            ("text", Text),
            ("automatic", Automatic),
            ("outcome", Outcome),
            ("cause", Cause),
            ("reason", Reason),
            ("score", Score),
        ];
        foreach (var (name, value) in given)
        {
            if (value is null ? !needed.Contains(name) : needed.Contains(name) || allowed.Contains(name))
                continue;
            var (kind, must) = (JsonNamingPolicy.CamelCase.ConvertName(Event.ToString()), value is null ? "given" : "left out");
            throw new RuleViolationException("invalid-request", $"{name} must be {must} where the event is {kind}.", name);
        }
    }
}
