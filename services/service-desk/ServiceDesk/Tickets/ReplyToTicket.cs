namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>
/// Records a public message of the agent or the customer. The agent's first reply meets the first-response clock; the customer's reply, on
/// any channel, resumes a waiting ticket and reopens a solved one. An automatic message does none of this.
/// </summary>
/// <param name="Automatic">No person wrote it: an acknowledgement of receipt, an out-of-office note.</param>
public sealed record ReplyToTicket(
    [property: Required, OneOf("agent", "customer")] string By,
    [property: Required, Code] string Channel,
    [property: Required, StringLength(20_000, MinimumLength = 1)] string Text,
    DateTimeOffset? OccurredAt = null,
    bool Automatic = false
)
{
    public ITicketEvent[] Decide(Ticket ticket, DeskRules rules, string caller, DateTimeOffset at)
    {
        var text = Personal.Of(ticket.CustomerId, new MessageText(Text));
        if (By == "agent")
        {
            var first = !Automatic && ticket.Workable().FirstResponse?.MetAt is null;
            return
            [
                new TicketReplied(
                    CustomerId: ticket.Workable().CustomerId,
                    By: By,
                    Author: caller,
                    Channel: Channel,
                    FirstResponse: first,
                    OccurredAt: at,
                    Personal: text,
                    Automatic: Automatic,
                    Used: first ? ticket.FirstResponse?.UsedAt(at, rules.Calendar(ticket.Calendar)) : null
                ),
            ];
        }
        var reply = new TicketReplied(
            CustomerId: ticket.CustomerId,
            By: By,
            Author: null,
            Channel: Channel,
            FirstResponse: false,
            OccurredAt: at,
            Personal: text,
            Automatic: Automatic
        );
        if (Automatic)
            return [reply];
        return ticket.Status switch
        {
            TicketStatus.Waiting => [reply, new TicketResumed(ticket.Resolution!.DueIfResumed(at, rules.Calendar(ticket.Calendar)), at)],
            TicketStatus.Resolved or TicketStatus.Closed =>
            [
                reply,
                .. new ReopenTicket(ReopenTicket.CustomerReplied).Decide(ticket, rules, at),
            ],
            _ => [reply],
        };
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/replies",
                "Send a public reply, or record the customer's reply",
                "service-desk.write",
                (Guid id, ReplyToTicket command, Request request, EventStore store, DeskRules rules) =>
                    store.Decide(request, id, command.OccurredAt, (ticket, at) => command.Decide(ticket, rules, request.Actor, at))
            )
            .Refuses(Desk.Moments)
            .Refuses("ticket-closed", "reopen-window-over");
}
