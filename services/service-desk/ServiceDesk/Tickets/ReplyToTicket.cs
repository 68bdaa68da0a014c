namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>
/// The agent's public message. The first one meets the first-response clock and acknowledges a complaint, and each answers the customer's
/// messages before it, unless it is automatic.
/// </summary>
/// <param name="Channel">How it was sent, as a code: <c>email</c>.</param>
/// <param name="Text">What the customer is told.</param>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
/// <param name="Automatic">No person wrote it: an acknowledgement of receipt, an out-of-office note.</param>
public sealed record ReplyToTicket(
    [property: Required, Code] string Channel,
    [property: Required, StringLength(20_000, MinimumLength = 1)] string Text,
    DateTimeOffset? OccurredAt = null,
    bool Automatic = false
)
{
    public ITicketEvent[] Decide(Ticket ticket, DeskRules rules, string caller, DateTimeOffset at)
    {
        var (first, calendar) = (!Automatic && ticket.Workable().FirstResponse?.MetAt is null, rules.Calendar(ticket.Calendar, at));
        return
        [
            new TicketReplied(
                CustomerId: ticket.Workable().CustomerId,
                By: "agent",
                Author: caller,
                Channel: Channel,
                FirstResponse: first,
                OccurredAt: at,
                Personal: Personal.Of(ticket.CustomerId, new MessageText(Text)),
                Automatic: Automatic,
                Used: first ? ticket.FirstResponse?.UsedAt(at, calendar) : null,
                NextUpdateUsed: Automatic ? null : ticket.OpenNextUpdate?.UsedAt(at, calendar),
                AcknowledgementUsed: Automatic ? null : ticket.OpenAcknowledgement?.UsedAt(at, calendar)
            ),
        ];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/replies",
                "Send a public reply",
                "service-desk.write",
                (Guid id, ReplyToTicket command, Request request, EventStore store, DeskRules rules) =>
                    store.DecideText(request, id, command.OccurredAt, (ticket, at) => command.Decide(ticket, rules, request.Actor, at))
            )
            .Refuses(Desk.Texts)
            .Refuses("ticket-closed");
}
