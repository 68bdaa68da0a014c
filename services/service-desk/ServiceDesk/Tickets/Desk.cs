using CrmPlatform.ServiceDesk.Customers;

namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>What all commands on a ticket have in common.</summary>
public static class Desk
{
    /// <summary>The error codes of <see cref="Moment"/>, for every command that has <c>occurredAt</c>.</summary>
    public static readonly string[] Moments = ["in-the-future", "before-last-event"];

    /// <summary>Decides on an existing ticket, and records first what came about before that moment by time alone.</summary>
    /// <exception cref="NotFoundException">There is no such ticket, or it is a complaint about the caller.</exception>
    public static async Task<IResult> Decide(
        this EventStore store,
        Request request,
        Guid id,
        DateTimeOffset? occurredAt,
        Func<Ticket, DateTimeOffset, ITicketEvent[]> decide
    ) =>
        request.Done(
            await store.Write(request, Ticket.Of(id), ticket => At(ticket.For(request.Actor, id), occurredAt, request.Now, decide))
        );

    /// <summary>The error codes of <see cref="DecideText"/>.</summary>
    public static readonly string[] Texts = [.. Moments, "customer-forgotten"];

    /// <summary>As <see cref="Decide"/>, for commands with a text: of a forgotten customer none is kept, so none is taken.</summary>
    /// <exception cref="RuleViolationException">The customer was forgotten.</exception>
    public static async Task<IResult> DecideText(
        this EventStore store,
        Request request,
        Guid id,
        DateTimeOffset? occurredAt,
        Func<Ticket, DateTimeOffset, ITicketEvent[]> decide
    )
    {
        var ticket = (await store.Read(Ticket.Of(id), request.Cancelled)).State;
        if (ticket.Exists && (await store.Read(CustomerStanding.Of(ticket.CustomerId), request.Cancelled)).State.Forgotten)
            throw new RuleViolationException("customer-forgotten", "The customer was forgotten; no text about them is kept.");
        return await store.Decide(request, id, occurredAt, decide);
    }

    public static ITicketEvent[] At(
        Ticket ticket,
        DateTimeOffset? occurredAt,
        DateTimeOffset now,
        Func<Ticket, DateTimeOffset, ITicketEvent[]> decide
    )
    {
        var at = Moment(ticket, occurredAt, now);
        ITicketEvent[] due = [.. ticket.DueBefore(at)];
        var facts = decide(due.Aggregate(ticket, (state, fact) => state.Evolve(fact)), at);
        return facts.Length == 0 ? [] : [.. due, .. facts];
    }

    /// <summary>
    /// The moment of a command: now, or <c>occurredAt</c> (an import), which must not be before the ticket's last event nor in the future.
    /// </summary>
    public static DateTimeOffset Moment(Ticket ticket, DateTimeOffset? occurredAt, DateTimeOffset now)
    {
        if (occurredAt is null)
            return now > ticket.LastAt ? now : ticket.LastAt;
        var at = Clocks.Told(occurredAt, now);
        return at >= ticket.LastAt
            ? at
            : throw new RuleViolationException(
                "before-last-event",
                $"occurredAt is before the ticket's last event, {ticket.LastAt:O}.",
                "occurredAt"
            );
    }

    /// <summary>The ticket as somebody may handle it: not a complaint about themselves.</summary>
    /// <exception cref="NotFoundException">There is none for them.</exception>
    public static Ticket For(this Ticket ticket, string agent, Guid id) =>
        ticket.Exists && ticket.Complaint?.AboutAgent != agent ? ticket : throw new NotFoundException("ticket", id);

    /// <summary>Whoever is to handle the ticket: the complaint is not about them.</summary>
    /// <exception cref="RuleViolationException">It is.</exception>
    public static string HandledBy(this Ticket ticket, string agent, string field) =>
        ticket.Complaint?.AboutAgent == agent
            ? throw new RuleViolationException("complained-about", $"The complaint is about {agent}: somebody else handles it.", field)
            : agent;

    /// <exception cref="RuleViolationException">The ticket is closed; it must be reopened first.</exception>
    public static Ticket Workable(this Ticket ticket) =>
        ticket.Status == TicketStatus.Closed
            ? throw new RuleViolationException("ticket-closed", "The ticket is closed; reopen it first.")
            : ticket;
}
