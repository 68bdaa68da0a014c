namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>The customer was told that their complaint has arrived.</summary>
/// <param name="Author">Subject of who told them; also of an automatic acknowledgement, whose sender that is.</param>
/// <param name="Used">Business time up to it; null where no acknowledgement was promised.</param>
public sealed record ComplaintAcknowledged(
    Guid CustomerId,
    string Channel,
    bool Automatic,
    string Author,
    TimeSpan? Used,
    DateTimeOffset OccurredAt
) : ITicketEvent;
