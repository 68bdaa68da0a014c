using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>What the commands on complaints have in common.</summary>
static class ComplaintRules
{
    /// <exception cref="RuleViolationException">The ticket is a request or feedback.</exception>
    public static Ticket Complained(this Ticket ticket) =>
        ticket.Kind == "complaint"
            ? ticket
            : throw new RuleViolationException("not-a-complaint", $"The ticket is a {ticket.Kind}, not a complaint.");
}
