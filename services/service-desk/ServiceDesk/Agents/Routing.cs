namespace CrmPlatform.ServiceDesk.Agents;

/// <summary>What a ticket needs of who takes it.</summary>
/// <param name="Language">Null: any.</param>
/// <param name="CertifiedTier">The customer's tier if it asks for a certificate, else null.</param>
/// <param name="Dedicated">The customer's dedicated agent; null if there is none.</param>
/// <param name="Deputy">Who stands in for them; null if nobody does.</param>
public sealed record Sought(string Category, string? Language, string? CertifiedTier, string? Dedicated, string? Deputy);

/// <summary>Who takes a ticket, and why.</summary>
/// <param name="Reason"><c>dedicated</c>, <c>deputy</c> or <c>least-loaded</c>.</param>
public sealed record Routing(string Agent, string Reason)
{
    public const string ByDedication = "dedicated",
        ByDeputy = "deputy",
        ByLoad = "least-loaded";

    /// <summary>For so much business time a dedicated agent is waited for.</summary>
    public static readonly TimeSpan BackWithin = TimeSpan.FromMinutes(30);

    /// <summary>
    /// The dedicated agent who is available or back soon, else the available deputy, else the least loaded of those who are available and
    /// able; ties by who was given a ticket longest ago, then by subject. All of them have a place and the certificate that the tier asks
    /// for. The order of the agents does not count.
    /// </summary>
    /// <returns>Null if nobody can take it.</returns>
    public static Routing? Choose(Sought ticket, IEnumerable<Candidate> agents, BusinessCalendar calendar, DateTimeOffset now)
    {
        var free = agents.Where(a => a.HasPlace && a.IsCertified(ticket.CertifiedTier)).ToList();
        if (free.Any(a => a.Subject == ticket.Dedicated && a.IsBack(now, BackWithin, calendar)))
            return new(ticket.Dedicated!, ByDedication);
        if (free.Any(a => a.Subject == ticket.Deputy && a.IsAvailable(now)))
            return new(ticket.Deputy!, ByDeputy);
        return free.Where(a => a.IsAvailable(now) && a.IsAble(ticket.Category, ticket.Language))
            .OrderBy(a => a.Load)
            .ThenBy(a => a.RoutedAt ?? DateTimeOffset.MinValue)
            .ThenBy(a => a.Subject, StringComparer.Ordinal)
            .Select(a => new Routing(a.Subject, ByLoad))
            .FirstOrDefault();
    }
}
