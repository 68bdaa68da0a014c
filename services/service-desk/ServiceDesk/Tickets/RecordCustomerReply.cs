namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>
/// The customer's message, on any channel. It resumes a waiting ticket, reopens a solved one, and is to be answered in time; an automatic
/// message does none of these.
/// </summary>
/// <param name="Channel">How it was sent, as a code: <c>email</c>.</param>
/// <param name="Text">What the customer wrote or said.</param>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
/// <param name="Automatic">No person wrote it: an out-of-office note.</param>
public sealed record RecordCustomerReply(
    [property: Required, Code] string Channel,
    [property: Required, StringLength(20_000, MinimumLength = 1)] string Text,
    DateTimeOffset? OccurredAt = null,
    bool Automatic = false
)
{
    public ITicketEvent[] Decide(Ticket ticket, DeskRules rules, DateTimeOffset at)
    {
        var reply = new TicketReplied(
            CustomerId: ticket.CustomerId,
            By: "customer",
            Author: null,
            Channel: Channel,
            FirstResponse: false,
            OccurredAt: at,
            Personal: Personal.Of(ticket.CustomerId, new MessageText(Text)),
            Automatic: Automatic
        );
        if (Automatic)
            return [reply];
        ITicketEvent[] facts = ticket.Status switch
        {
            TicketStatus.Waiting => [reply, .. ResumeTicket.Decide(ticket, rules, at)],
            TicketStatus.Resolved or TicketStatus.Closed =>
            [
                reply,
                .. new ReopenTicket(ReopenTicket.CustomerReplied).Decide(ticket, rules, at),
            ],
            _ => [reply],
        };
        // Of several messages the earliest is the one whose answer is promised.
        if (ticket is not { NextUpdateTarget: { } target, OpenNextUpdate: null })
            return facts;
        var promised = new NextUpdatePromised(ticket.NextUpdates + 1, target, rules.Calendar(ticket.Calendar, at).Add(at, target), at);
        return [.. facts, .. new ITicketEvent[] { promised }.WithSteps(facts.Aggregate(ticket, (t, fact) => t.Evolve(fact)), rules, at)];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/customer-replies",
                "Record the customer's reply",
                "service-desk.customer",
                (Guid id, RecordCustomerReply command, Request request, EventStore store, DeskRules rules) =>
                    store.DecideText(request, id, command.OccurredAt, (ticket, at) => command.Decide(ticket, rules, at))
            )
            .Refuses(Desk.Texts)
            .Refuses("reopen-window-over");
}
