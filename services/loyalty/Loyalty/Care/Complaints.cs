namespace CrmPlatform.Loyalty.Care;

/// <summary>
/// As long as a severe complaint is open nobody is congratulated. Its priority says nothing: that of any complaint is raised for some.
/// </summary>
public static class Complaints
{
    public static Write Opened(Contracts.TicketOpened fact) =>
        To(
            fact.CustomerId,
            care =>
                care.SevereComplaints.Contains(fact.TicketId) ? [] : [new ComplaintNoted(fact.TicketId, fact.OccurredAt.ToUniversalTime())]
        );

    public static Write Settled(Guid customer, Guid ticket, DateTimeOffset at) =>
        To(customer, care => care.OpenComplaints.Contains(ticket) ? [new ComplaintSettled(ticket, at.ToUniversalTime())] : []);

    public static Write Reopened(Contracts.TicketReopened fact) =>
        To(
            fact.CustomerId,
            care =>
                care.SevereComplaints.Contains(fact.TicketId) && !care.OpenComplaints.Contains(fact.TicketId)
                    ? [new ComplaintNoted(fact.TicketId, fact.OccurredAt.ToUniversalTime())]
                    : []
        );

    static Write To(Guid customer, Func<CustomerCare, ICareEvent[]> decide) =>
        Write.To(CustomerCare.Of(customer), care => care.Ended ? [] : decide(care));
}

public sealed class OnTicketOpened : IReaction<Contracts.TicketOpened>
{
    public IEnumerable<Write> React(Contracts.TicketOpened fact, FactContext about) =>
        fact is { Kind: "complaint", Severity: "critical" or "major" } ? [Complaints.Opened(fact)] : [];
}

public sealed class OnTicketResolved : IReaction<Contracts.TicketResolved>
{
    public IEnumerable<Write> React(Contracts.TicketResolved fact, FactContext about) =>
        [Complaints.Settled(fact.CustomerId, fact.TicketId, fact.OccurredAt)];
}

public sealed class OnTicketClosed : IReaction<Contracts.TicketClosed>
{
    public IEnumerable<Write> React(Contracts.TicketClosed fact, FactContext about) =>
        [Complaints.Settled(fact.CustomerId, fact.TicketId, fact.OccurredAt)];
}

public sealed class OnTicketReopened : IReaction<Contracts.TicketReopened>
{
    public IEnumerable<Write> React(Contracts.TicketReopened fact, FactContext about) => [Complaints.Reopened(fact)];
}
