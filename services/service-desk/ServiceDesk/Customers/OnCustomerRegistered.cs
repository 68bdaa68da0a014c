namespace CrmPlatform.ServiceDesk.Customers;

/// <summary>Whoever is registered may have tickets.</summary>
public sealed class OnCustomerRegistered : IReaction<Contracts.CustomerRegistered>
{
    public IEnumerable<Write> React(Contracts.CustomerRegistered fact, FactContext about) =>
        [
            Write.To(
                CustomerStanding.Of(fact.CustomerId),
                standing => standing.Known ? [] : new IStandingEvent[] { new CustomerNoted(fact.OccurredAt.ToUniversalTime()) }
            ),
        ];
}
