namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>What all commands on a ticket have in common.</summary>
public static class Desk
{
    /// <summary>What <see cref="Moment"/> refuses, for every command that may say when it happened.</summary>
    public static readonly string[] Moments = ["in-the-future", "before-last-event"];

    static readonly TimeSpan skew = TimeSpan.FromMinutes(5);

    /// <summary>Decides on a ticket that is there, with the promises that were broken until then recorded first.</summary>
    /// <exception cref="NotFoundException">There is no such ticket.</exception>
    public static async Task<IResult> Decide(
        this EventStore store,
        Request request,
        Guid id,
        DateTimeOffset? occurredAt,
        Func<Ticket, DateTimeOffset, ITicketEvent[]> decide
    ) =>
        request.Done(
            await store.Write(
                request,
                Ticket.Of(id),
                ticket => ticket.Exists ? At(ticket, occurredAt, request.Now, decide) : throw new NotFoundException("ticket", id)
            )
        );

    public static ITicketEvent[] At(
        Ticket ticket,
        DateTimeOffset? occurredAt,
        DateTimeOffset now,
        Func<Ticket, DateTimeOffset, ITicketEvent[]> decide
    )
    {
        var at = Moment(ticket, occurredAt, now);
        ITicketEvent[] broken = [.. ticket.BrokenBefore(at)];
        var facts = decide(broken.Aggregate(ticket, (state, fact) => state.Evolve(fact)), at);
        return facts.Length == 0 ? [] : [.. broken, .. facts];
    }

    /// <summary>Now, or a moment of the past (an import); never before what is known of the ticket, never in the future.</summary>
    public static DateTimeOffset Moment(Ticket ticket, DateTimeOffset? occurredAt, DateTimeOffset now)
    {
        if (occurredAt is not { } given)
            return now > ticket.LastAt ? now : ticket.LastAt;
        if (given > now + skew)
            throw new RuleViolationException("in-the-future", "This cannot have happened in the future.", "occurredAt");
        return given >= ticket.LastAt
            ? given.ToUniversalTime()
            : throw new RuleViolationException("before-last-event", $"The ticket's last event was at {ticket.LastAt:O}.", "occurredAt");
    }
}
