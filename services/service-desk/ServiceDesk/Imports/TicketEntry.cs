using System.Text.Json;
using CrmPlatform.ServiceDesk.Complaints;
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
    Acknowledged,
    Assessed,
    Investigated,
    Finding,
    Proposed,
    ProposalAnswered,
    Compensated,
    Decided,
}

/// <summary>An entry of a ticket's history in an earlier help desk. Which members it has follows from its event.</summary>
/// <param name="Event">What happened.</param>
/// <param name="OccurredAt">When: not before the entry before it, not in the future.</param>
/// <param name="Agent">assigned: to whom. Elsewhere: who did it; the caller if it is left out.</param>
/// <param name="Channel">reply, customerReply, acknowledged: how it was sent, as a code: <c>email</c>.</param>
/// <param name="Text">reply, customerReply, note, finding: the text.</param>
/// <param name="Automatic">reply, customerReply, acknowledged: no person wrote it.</param>
/// <param name="Outcome">resolved: how it was solved, as a code. decided: <c>upheld</c>, <c>partly</c>, <c>rejected</c> or
/// <c>withdrawn</c>.</param>
/// <param name="Cause">resolved: what caused it, as a code; a complaint that was not decided needs one. decided: one of the causes of
/// <c>GET complaints/causes</c>.</param>
/// <param name="Reason">reopened: why, as a code.</param>
/// <param name="Score">rated: the customer's satisfaction, 1 to 5.</param>
/// <param name="Severity">assessed: <c>minor</c>, <c>major</c> or <c>critical</c>.</param>
/// <param name="Safety">assessed: whether somebody's safety was at stake; not, if it is left out.</param>
/// <param name="Scope">assessed: whether <c>one</c> customer or <c>many</c> were concerned; one, if it is left out.</param>
/// <param name="Remedy">proposed: <c>apology</c>, <c>refund</c>, <c>replace</c>, <c>repair</c>, <c>points</c>, <c>voucher</c> or
/// <c>none</c>. compensated: <c>refund</c>, <c>points</c> or <c>voucher</c>.</param>
/// <param name="Amount">Of a refund or voucher, in the currency of the installation; of points, how many.</param>
/// <param name="Until">proposed: until when it could be answered.</param>
/// <param name="Answer">proposalAnswered: <c>accepted</c> or <c>rejected</c>; a proposal that nobody answered lapses by itself.</param>
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
    [property: Range(1, 5)] int? Score = null,
    [property: OneOf(null, "minor", "major", "critical")] string? Severity = null,
    bool? Safety = null,
    [property: OneOf(null, "one", "many")] string? Scope = null,
    [property: OneOf(null, "apology", "refund", "replace", "repair", "points", "voucher", "none")] string? Remedy = null,
    [property: Range(0.01, 1_000_000_000)] decimal? Amount = null,
    DateTimeOffset? Until = null,
    [property: OneOf(null, Tickets.ProposalAnswered.Accepted, Tickets.ProposalAnswered.Rejected)] string? Answer = null
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
        [EntryKind.Acknowledged] = (["channel"], ["agent", "automatic"]),
        [EntryKind.Assessed] = (["severity"], ["agent", "safety", "scope"]),
        [EntryKind.Investigated] = ([], ["agent"]),
        [EntryKind.Finding] = (["text"], ["agent"]),
        [EntryKind.Proposed] = (["remedy", "until"], ["agent", "amount"]),
        [EntryKind.ProposalAnswered] = (["answer"], []),
        [EntryKind.Compensated] = (["remedy", "amount"], ["agent"]),
        [EntryKind.Decided] = (["outcome", "cause"], ["agent"]),
    };

    public ITicketEvent[] Decide(Ticket ticket, DeskRules rules, string caller, DateTimeOffset at)
    {
        Check();
        try
        {
            return Told(ticket, rules, caller, Agent ?? caller, at);
        }
        catch (RuleViolationException e) when (e.Field == "kind")
        {
            // What the commands about a remedy call its kind.
            throw new RuleViolationException(e.Code, e.Message, "remedy");
        }
    }

    ITicketEvent[] Told(Ticket ticket, DeskRules rules, string caller, string by, DateTimeOffset at) =>
        Event switch
        {
            EntryKind.Assigned => new AssignTicket(Agent).Decide(ticket, caller, at),
            EntryKind.Reply => new ReplyToTicket(Channel!, Text!, Automatic: Automatic == true).Decide(ticket, rules, by, at),
            EntryKind.CustomerReply => new RecordCustomerReply(Channel!, Text!, Automatic: Automatic == true).Decide(ticket, rules, at),
            EntryKind.Note => new AddNote(Text!).Decide(ticket, by, at),
            EntryKind.Waiting => WaitForCustomer.Decide(ticket, rules, at),
            EntryKind.Resumed => ResumeTicket.Decide(ticket, rules, at),
            EntryKind.Resolved => new ResolveTicket(Outcome!, Cause).Decide(ticket, rules, at),
            EntryKind.Rated => new AnswerSatisfaction(Score!.Value).Decide(ticket, at),
            EntryKind.Closed => CloseTicket.Decide(ticket, at, imported: true),
            EntryKind.Reopened => new ReopenTicket(Reason!).Decide(ticket, rules, at),
            EntryKind.Acknowledged => new AcknowledgeComplaint(Channel!, Automatic == true).Decide(ticket, rules, by, at),
            EntryKind.Assessed => new AssessComplaint(Severity!, Safety == true, Scope ?? "one").Decide(ticket, by, at),
            EntryKind.Investigated => new InvestigateComplaint(by).Decide(ticket, by, at),
            EntryKind.Finding => new NoteFinding(Text!).Decide(ticket, by, at),
            EntryKind.Proposed => new ProposeRemedy(Remedy!, Until!.Value, Amount).Decide(ticket, rules, by, at),
            EntryKind.ProposalAnswered => new AnswerProposal(Answer!).Decide(ticket, at),
            EntryKind.Compensated => new CompensateCustomer(Remedy!, Amount!.Value).GivenBefore(ticket, rules, by, at),
            _ => new DecideComplaint(Outcome!, Cause!).Decide(ticket, rules, by, at),
        };

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
            ("severity", Severity),
            ("safety", Safety),
            ("scope", Scope),
            ("remedy", Remedy),
            ("amount", Amount),
            ("until", Until),
            ("answer", Answer),
        ];
        foreach (var (name, value) in given)
        {
            if (value is null ? !needed.Contains(name) : needed.Contains(name) || allowed.Contains(name))
                continue;
            throw Refused(name, value is null ? "given" : "left out");
        }
        if (Event == EntryKind.Decided && !DecideComplaint.Outcomes.Contains(Outcome))
            throw Refused("outcome", $"one of {string.Join(", ", DecideComplaint.Outcomes)}");
        if (Event == EntryKind.Compensated && !CompensateCustomer.Kinds.Contains(Remedy))
            throw Refused("remedy", $"one of {string.Join(", ", CompensateCustomer.Kinds)}");
    }

    RuleViolationException Refused(string member, string must) =>
        new(
            "invalid-request",
            $"{member} must be {must} where the event is {JsonNamingPolicy.CamelCase.ConvertName(Event.ToString())}.",
            member
        );
}
