namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>What follows from a ticket and time alone.</summary>
public static class Overdue
{
    /// <summary>
    /// What has come about before an instant by time alone and was not recorded yet, dated at its own instant: broken promises, steps of
    /// escalation, a proposal that nobody answered, and clocks of an external case, about which the lead is told once.
    /// </summary>
    public static IEnumerable<ITicketEvent> DueBefore(this Ticket ticket, DateTimeOffset instant)
    {
        var broken =
            from c in ticket.Clocks
            where c.Clock.IsBroken(instant)
            select (At: c.Clock.DueAt!.Value, Fact: (ITicketEvent)new SlaBreached(ticket.CustomerId, c.Name, c.Clock.DueAt.Value));
        var steps =
            from p in ticket.Planned
            where p.At < instant && ticket.Clocks.Any(c => (c.Name, c.Number) == (p.Clock, p.Number) && c.Clock.RunsSince is not null)
            select (p.At, Fact: (ITicketEvent)new Escalated(ticket.CustomerId, p.Clock, p.Number, p.Step, p.Notify, p.At));
        var lapsed =
            from p in new[] { ticket.Complaint?.Open }
            where p?.Until < instant
            select (At: p.Until, Fact: (ITicketEvent)new ProposalAnswered(ticket.CustomerId, p.Round, ProposalAnswered.NoAnswer, p.Until));
        var outside =
            from external in ticket.Complaint?.ExternalCases ?? []
            from c in external.Running
            where c.DueAt < instant && !ticket.Taken.Contains((c.Name, external.Number, 0))
            select (At: c.DueAt, Fact: (ITicketEvent)new Escalated(ticket.CustomerId, c.Name, external.Number, 0, "lead", c.DueAt));
        return broken.Concat(steps).Concat(lapsed).Concat(outside).OrderBy(d => d.At).Select(d => d.Fact);
    }
}
