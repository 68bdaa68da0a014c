using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>
/// The customer took the complaint to an authority or a platform, also one that is solved or closed. The authority decides within seven
/// working days whether it accepts the case.
/// </summary>
/// <param name="Body">Where to, as a code: <c>12315</c>, <c>12345</c>.</param>
/// <param name="Reference">The number of the case there; of a forgotten customer none is kept.</param>
/// <param name="ReceivedAt">When the authority received it; that day does not count.</param>
/// <param name="AnswerDueAt">By when the authority wants our answer, if it gave a date.</param>
/// <param name="OccurredAt">When we heard of it: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record EscalateOutside(
    [property: Required, Code] string Body,
    [property: Required, KeyText(100)] string Reference,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? AnswerDueAt = null,
    DateTimeOffset? OccurredAt = null
)
{
    public ITicketEvent[] Decide(Ticket ticket, DeskRules rules, string caller, DateTimeOffset at)
    {
        var cases = ticket.Complained().Complaint!.ExternalCases;
        var (received, reference) = (ReceivedAt.ToUniversalTime(), Keys.Normal(Reference));
        if (cases.Any(c => (c.Body, c.Reference) == (Body, reference)))
            return [];
        if (cases is [.., { EndedAt: null } open])
            throw new RuleViolationException("external-case-open", $"The complaint is at {open.Body} already: end that case first.");
        if (received > at)
            throw new RuleViolationException("in-the-future", $"receivedAt is in the future; it is {at:O} then.", "receivedAt");
        return AnswerDueAt <= received
            ? throw new RuleViolationException("until-passed", $"answerDueAt must be later than the receipt, {received:O}.", "answerDueAt")
            :
            [
                new EscalatedOutside(
                    CustomerId: ticket.CustomerId,
                    Number: cases.Count + 1,
                    Body: Body,
                    ReceivedAt: received,
                    AcceptanceDueAt: rules.AuthorityCalendar(at).EndOfDays(received, ExternalCase.AcceptanceDays),
                    AnswerDueAt: AnswerDueAt?.ToUniversalTime(),
                    By: caller,
                    OccurredAt: at,
                    Personal: Personal.Of(ticket.CustomerId, new CaseNumber(reference))
                ),
            ];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/escalate-outside",
                "Record that the customer took a complaint to an authority",
                "service-desk.complaints.write",
                (Guid id, EscalateOutside command, Request request, EventStore store, DeskRules rules) =>
                    store.DecideText(request, id, command.OccurredAt, (ticket, at) => command.Decide(ticket, rules, request.Actor, at))
            )
            .Refuses(Desk.Texts)
            .Refuses("not-a-complaint", "external-case-open", "until-passed");
}
